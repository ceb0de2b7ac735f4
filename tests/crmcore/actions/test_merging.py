"""Merging customers: everything follows, and undoing brings every row back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from crmcore import clock
from crmcore.actions import customers, opportunities
from crmcore.actions.contact_points import NewPoint, add_point, remove_point
from crmcore.actions.merge_rules import FOLDS, YIELDS
from crmcore.actions.merging import gather_late_rows, merge_customers, undo_merge
from crmcore.actions.row_record import written_down
from crmcore.models import (
    Account,
    AuditEntry,
    Contact,
    CustomerMerge,
    Invitation,
    LiveEvent,
    Opportunity,
    Unit,
)
from crmcore.queries.customer_links import links_to
from crmcore.queries.customers import find_by_phone, search_accounts
from crmcore.queries.merges import LABELS, seen_as
from tests.at_once import at_once
from tests.cast import Cast, make_cast

# A merge and its undoing are told and noted: these alone grow.
NOTED = (AuditEntry, CustomerMerge, LiveEvent)
# These stand once at one customer and cannot become one row: they stay with the old record.
STAYING = {"one_open_missed_per_contact"}


def everything() -> dict[str, Any]:
    """All rows of all tables, by model and key."""
    return {
        model._meta.label: {row["pk"]: row["fields"] for row in written_down(model._base_manager.order_by("pk"))}
        for model in apps.get_models(include_auto_created=True)
        if model not in NOTED and model._meta.managed
    }


def differing(before: dict[str, Any]) -> list[Any]:
    """The rows that are not what they were."""
    after = everything()
    return [
        (label, pk, rows.get(pk), after[label].get(pk))
        for label, rows in before.items()
        for pk in rows.keys() | after[label].keys()
        if rows.get(pk) != after[label].get(pk)
    ]


def make_rich(cast: Cast, name: str, phone: str, **fields: Any) -> Account:
    """A company with people, numbers, work and money."""
    points = [NewPoint("phone", phone, is_preferred=True), NewPoint("phone", "0571-88881234", is_shared=True)]
    account = customers.create_account(by=cast.sun, name=name, points=points, note=f"About {name}", **fields)
    for person, primary in (("Wang", True), ("Li", False)):
        customers.create_contact(
            by=cast.sun,
            name=f"{person} of {name}",
            account=account,
            is_primary=primary,
            points=[NewPoint("email", f"{person}@{account.code}.example.com")],
        )
    opportunities.open_opportunity(by=cast.sun, name=f"Renewal {name}", account=account, amount_minor=100)
    Invitation.objects.create(
        account=account,
        email="new@example.com",
        name="New",
        language="en",
        invited_by=cast.sun,
        created_at=clock.now(),
        expires_at=clock.now(),
    )
    return account


@pytest.fixture
def pair(cast: Cast) -> tuple[Account, Account]:
    one, other = make_rich(cast, "North Wind", "13800138000"), make_rich(cast, "Northwind", "13800138001", grade="A")
    customers.link_contact(other, one.memberships.filter(is_primary=True).get().contact, by=cast.sun)
    return one, other


@pytest.mark.parametrize("model", [Account, Contact])
def test_every_key_to_a_customer_is_known_and_named(model: Any) -> None:
    """A new model with a key to customers needs a name in the preview, and a rule where it can stand only once."""
    assert not [link.name for link in links_to(model) if link.model._meta.label_lower not in LABELS]
    slots = {slot.name for link in links_to(model) for slot in link.slots()}
    assert slots <= FOLDS.keys() | YIELDS.keys() | STAYING


@pytest.mark.parametrize("model", [Account, Contact])
def test_the_walk_finds_the_keys_of_all_packages(model: Any) -> None:
    keys = {
        f"{one._meta.label_lower}.{field.name}"
        for one in apps.get_models(include_auto_created=True)
        for field in one._meta.local_fields
        if isinstance(field, models.ForeignKey) and field.related_model is model
    }
    assert {link.name for link in links_to(model)} == keys


def test_units_and_their_heads_come_along_and_go_back(cast: Cast, pair: tuple[Account, Account]) -> None:
    """A head who stands in both customers leads on by the place that stays; two units of a name are told apart."""
    source, survivor = pair
    head = source.memberships.get(is_primary=True)
    Unit.objects.create(account=source, name="Sales", head=head)
    Unit.objects.create(account=survivor, name="Sales")
    before = everything()
    merge = merge_customers(source, survivor, by=cast.sun)
    kept = survivor.memberships.get(contact=head.contact)
    assert {(unit.name, unit.head) for unit in survivor.units.all()} == {
        ("Sales", None),
        (f"Sales ({source.code})", kept),
    }
    undo_merge(merge, by=cast.sun)
    assert not differing(before)


def test_all_rows_follow_to_the_survivor(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    merge_customers(source, survivor, by=cast.sun)
    assert survivor.opportunities.count() == 2
    assert survivor.memberships.count() == 4
    assert survivor.memberships.filter(is_primary=True).count() == 1
    assert survivor.points.count() == 3
    assert survivor.points.filter(is_preferred=True).count() == 1
    assert not any(link.rows(source.pk).exists() for link in links_to(Account))


def test_merge_and_undo_leave_every_row_of_every_table_as_it_was(cast: Cast, pair: tuple[Account, Account]) -> None:
    before = everything()
    merge = merge_customers(*pair, by=cast.sun, choices={"name": "source", "note": "both"})
    assert everything() != before
    assert undo_merge(merge, by=cast.sun) == []
    assert not differing(before)


@settings(
    max_examples=6,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    grades=st.tuples(st.sampled_from(["", "A", "B"]), st.sampled_from(["", "A", "B"])),
    shared=st.sets(st.sampled_from(["email", "wechat", "phone", "member"])),
    choice=st.sampled_from(["survivor", "source", "both"]),
    turned=st.booleans(),
)
def test_whatever_two_customers_have_undo_brings_it_back(
    cast: Cast, grades: tuple[str, str], shared: set[str], choice: str, turned: bool
) -> None:
    accounts = [
        make_rich(cast, f"Side {n}", f"1390013900{n}", grade=grade, language=("en", "")[n])
        for n, grade in enumerate(grades)
    ]
    for account in accounts:
        for kind, raw in (("email", "desk@example.com"), ("wechat", "side"), ("phone", "13700137000")):
            if kind in shared:
                add_point(account, NewPoint(kind, raw, is_preferred=account is accounts[0]), by=cast.sun)
    if "member" in shared:
        for member in accounts[0].memberships.all():
            customers.link_contact(accounts[1], member.contact, by=cast.sun, decision_role="decides")
    source, survivor = reversed(accounts) if turned else accounts
    before = everything()
    undo_merge(
        merge_customers(source, survivor, by=cast.sun, choices={"language": "source", "note": choice}), by=cast.sun
    )
    assert not differing(before)


def test_two_people_become_one_and_two_again(cast: Cast, ellery: Account) -> None:
    points = [NewPoint("phone", "13800138000"), NewPoint("wechat", "wf")]
    one = customers.create_contact(
        by=cast.sun, name="王芳", account=ellery, is_primary=True, points=points, code="K-1", born_on=date(1990, 2, 3)
    )
    other = customers.create_contact(by=cast.sun, name="王 芳", account=ellery, points=points[:1])
    opportunities.open_opportunity(by=cast.sun, name="Tap", account=ellery, contact=one)
    before = everything()
    merge = merge_customers(one, other, by=cast.sun)
    other.refresh_from_db()
    assert (other.code, other.born_on) == ("K-1", date(1990, 2, 3))
    assert Opportunity.objects.get().contact == other
    assert [m.is_primary for m in ellery.memberships.all()] == [True]
    undo_merge(merge, by=cast.sun)
    assert not differing(before)


def test_who_goes_keeps_the_wish_not_to_be_called(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    source.points.filter(is_shared=True).update(opted_out=True)
    merge_customers(source, survivor, by=cast.sun)
    assert survivor.points.get(is_shared=True).opted_out


def test_what_came_since_stays_and_edited_fields_keep_their_value(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    merge = merge_customers(source, survivor, by=cast.sun, choices={"name": "source"})
    survivor.refresh_from_db()
    customers.update_account(survivor, by=cast.sun, name="Northwind Ltd")
    fresh = opportunities.open_opportunity(by=cast.sun, name="New", account=survivor)
    kept = undo_merge(merge, by=cast.sun)
    survivor.refresh_from_db()
    fresh.refresh_from_db()
    assert [str(label) for label in kept] == ["name"]
    assert (survivor.name, fresh.account_id) == ("Northwind Ltd", survivor.pk)
    assert source.opportunities.count() == 1


def test_a_row_that_was_deleted_or_moved_since_is_left_alone(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    deal = source.opportunities.get()
    merge = merge_customers(source, survivor, by=cast.sun)
    Opportunity.objects.filter(pk=deal.pk).update(account=cast.account)
    remove_point(survivor.points.get(is_shared=True), by=cast.sun)
    undo_merge(merge, by=cast.sun)
    deal.refresh_from_db()
    assert deal.account == cast.account
    assert source.points.count() == 2


def test_calls_and_searches_find_the_survivor(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    merge_customers(source, survivor, by=cast.sun)
    assert {holder.account for holder in find_by_phone("+8613800138000")} == {survivor}
    assert search_accounts(source.code, user=cast.mei) == [survivor]
    assert search_accounts("North Wind", user=cast.mei) == [survivor]


def test_merging_needs_the_right_on_both(cast: Cast, pair: tuple[Account, Account]) -> None:
    for stranger in (cast.mei, cast.zhao):
        with pytest.raises(PermissionDenied):
            merge_customers(*pair, by=stranger)
    merge = merge_customers(*pair, by=cast.sun)
    with pytest.raises(PermissionDenied):
        undo_merge(merge, by=cast.mei)


def test_a_merged_customer_takes_no_changes(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    merge_customers(source, survivor, by=cast.sun)
    source.refresh_from_db()
    with pytest.raises(PermissionDenied):
        customers.update_account(source, by=cast.sun, name="Ghost")
    with pytest.raises(PermissionDenied):
        add_point(source, NewPoint("phone", "13700137000"), by=cast.sun)


def test_merging_twice_is_one_merge_and_with_itself_none(cast: Cast, pair: tuple[Account, Account]) -> None:
    assert merge_customers(*pair, by=cast.sun) == merge_customers(*pair, by=cast.sun)
    with pytest.raises(ValidationError):
        merge_customers(pair[1], pair[1], by=cast.sun)


def test_only_texts_are_joined(cast: Cast, pair: tuple[Account, Account]) -> None:
    with pytest.raises(ValidationError):
        merge_customers(*pair, by=cast.sun, choices={"grade": "both"})


def test_a_page_that_is_out_of_date_merges_nothing(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    seen = seen_as(source, survivor)
    customers.update_account(Account.objects.get(pk=source.pk), by=cast.sun, grade="B")
    with pytest.raises(ValidationError):
        merge_customers(source, survivor, by=cast.sun, seen=seen)


def test_after_thirty_days_it_stays(cast: Cast, pair: tuple[Account, Account]) -> None:
    merge = merge_customers(*pair, by=cast.sun)
    with clock.at(clock.now() + timedelta(days=30, seconds=1)), pytest.raises(ValidationError):
        undo_merge(merge, by=cast.sun)


def test_chains_lead_to_the_last_and_come_apart_in_turn(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    third = make_rich(cast, "Third", "13600136000")
    before = everything()
    first = merge_customers(source, survivor, by=cast.sun)
    second = merge_customers(survivor, third, by=cast.sun)
    source.refresh_from_db()
    assert source.merged_into_id == third.pk
    with pytest.raises(ValidationError):
        undo_merge(first, by=cast.sun)
    undo_merge(second, by=cast.sun)
    undo_merge(first, by=cast.sun)
    assert not differing(before)


def test_what_was_written_during_the_merge_follows_and_goes_back(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    merge = merge_customers(source, survivor, by=cast.sun)
    late = Opportunity.objects.create(
        **{f.attname: getattr(Opportunity.objects.first(), f.attname) for f in Opportunity._meta.local_fields[1:]}
        | {"account_id": source.pk}
    )
    assert (gather_late_rows(), gather_late_rows()) == (1, 0)
    late.refresh_from_db()
    assert late.account_id == survivor.pk
    undo_merge(merge, by=cast.sun)
    late.refresh_from_db()
    assert late.account_id == source.pk


def test_the_trail_keeps_both_as_they_were(cast: Cast, pair: tuple[Account, Account]) -> None:
    source, survivor = pair
    merge_customers(source, survivor, by=cast.sun, choices={"name": "source"})
    detail = AuditEntry.objects.get(verb="account.merged", object_id=str(source.pk)).detail
    assert {row["fields"]["name"] for row in detail["customers"]} == {"North Wind", "Northwind"}
    assert "crmcore.opportunity.account" in detail["moved"]


@pytest.mark.django_db(transaction=True)
def test_each_into_the_other_at_once_merges_once() -> None:

    cast = make_cast()
    one, other = make_rich(cast, "One", "13800138000"), make_rich(cast, "Other", "13800138001")
    results = at_once(
        lambda: merge_customers(one, other, by=cast.sun),
        lambda: merge_customers(other, one, by=cast.sun),
        refusals=(ValidationError, PermissionDenied),
    )
    assert len([result for result in results if isinstance(result, CustomerMerge)]) == 1
