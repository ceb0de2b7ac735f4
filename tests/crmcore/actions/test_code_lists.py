"""Lists from which customers are described: entries go by list, stay while they are used, and end in retirement."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from crmcore.actions import customers
from crmcore.actions.catalogue import move_entry, save_entry, set_in_use
from crmcore.models import Account, AuditEntry, CodeEntry, CodeList
from crmcore.shipped_lists import LISTS, install_lists, typed_entry
from tests.cast import Cast


def entry(which: str, code: str) -> CodeEntry:
    return CodeEntry.objects.get(list=which, code=code)


@pytest.mark.parametrize("which", CodeList.values)
def test_every_list_begins_with_entries_in_both_languages(db: None, which: str) -> None:
    rows = CodeEntry.objects.filter(list=which)
    assert rows.exists()
    assert all(row.name and row.name_zh for row in rows)
    assert set(LISTS) == set(CodeList.values)


def test_installing_again_leaves_a_list_as_the_desk_made_it(db: None) -> None:
    CodeEntry.objects.filter(list="status").exclude(code="active").delete()
    install_lists(CodeEntry)
    assert list(CodeEntry.objects.filter(list="status").values_list("code", flat=True)) == ["active"]


def test_a_typed_text_finds_its_entry_in_either_language_or_becomes_one(db: None) -> None:
    assert (
        typed_entry(CodeEntry, "source", "展会")
        == typed_entry(CodeEntry, "source", "EVENT")
        == entry("source", "event")
    )
    made = typed_entry(CodeEntry, "source", "Radio")
    assert (made.name, made.list) == ("Radio", "source")
    assert typed_entry(CodeEntry, "source", "radio") == made


def test_an_entry_of_another_list_is_refused_by_its_field(cast: Cast, ellery: Account) -> None:
    with pytest.raises(ValidationError) as refused:
        customers.update_account(ellery, by=cast.mei, industry=entry("source", "event"))
    assert list(refused.value.message_dict) == ["industry"]


def test_an_entry_in_use_cannot_be_deleted(cast: Cast, ellery: Account) -> None:
    customers.update_account(ellery, by=cast.mei, industry=entry("industry", "trade"))
    with pytest.raises(ProtectedError):
        entry("industry", "trade").delete()


def test_a_code_stands_once_in_its_list_and_again_in_another(db: None) -> None:
    CodeEntry.objects.create(list="nature", code="event", name="Event")
    with pytest.raises(IntegrityError), transaction.atomic():
        CodeEntry.objects.create(list="source", code="event", name="Event again")


def test_an_entry_moves_among_those_of_its_own_list(cast: Cast) -> None:
    move_entry(entry("status", "active"), by=cast.ada, up=True)
    codes = CodeEntry.objects.filter(list="status").order_by("position", "pk").values_list("code", flat=True)
    assert list(codes)[:2] == ["active", "prospect"]
    sources = CodeEntry.objects.filter(list="source").order_by("position", "pk").values_list("code", flat=True)
    assert list(sources)[:2] == ["website", "call"]


def test_lists_are_kept_by_those_with_the_right_to_the_settings(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        save_entry(CodeEntry(list="source", name="Radio"), by=cast.mei)
    with pytest.raises(PermissionDenied):
        set_in_use(entry("source", "event"), by=cast.mei, in_use=False)
    save_entry(CodeEntry(list="source", name="Radio"), by=cast.ada)
    assert AuditEntry.objects.filter(verb="codeentry.created").exists()


def test_a_new_name_shows_with_every_customer_that_has_the_entry(cast: Cast, ellery: Account) -> None:
    event = entry("source", "event")
    customers.update_account(ellery, by=cast.mei, source=event)
    event.name = "Trade fair"
    save_entry(event, by=cast.ada)
    assert str(Account.objects.get(pk=ellery.pk).source) == "Trade fair"
