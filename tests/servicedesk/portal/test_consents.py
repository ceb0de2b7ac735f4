"""What customers agree to: each word is dated and stays, and counts where offers and questions are sent."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from crmcore.actions.consents import say_consents
from crmcore.consents import SENTENCES, WORDING
from crmcore.models import Consent, ConsentKind, ContactPoint, User
from crmcore.queries.consents import refuses, refusing_numbers
from servicedesk.portal.frame import contact_of
from tests.cast import Cast

PAGE = "/portal/profile/consents/"
NUMBER = "+8613800138000"


def say(user: User, kind: str, given: bool) -> list[Consent]:
    return say_consents(contact_of(user), {kind: given}, by=user, source=Consent.Source.PORTAL)


def test_an_answer_is_kept_with_date_sentence_version_and_source(zhao: Client, cast: Cast) -> None:
    for _again in range(2):
        assert zhao.post(PAGE, {"sms": "no", "email": "yes", "phone": "perhaps", "other": "yes"}).status_code == 302
    rows = {row.kind: row for row in Consent.objects.all()}
    assert {kind: row.is_given for kind, row in rows.items()} == {"sms": False, "email": True}
    row = rows["sms"]
    assert (row.contact, row.by, row.source, row.wording) == (cast.zhao.contact, cast.zhao, "portal", WORDING)
    assert row.words == str(SENTENCES[ConsentKind.SMS])


def test_a_change_of_mind_is_one_more_record(zhao: Client, cast: Cast) -> None:
    for word in ("yes", "no", "yes"):
        zhao.post(PAGE, {"survey": word})
    assert list(Consent.objects.order_by("pk").values_list("is_given", flat=True)) == [True, False, True]
    assert not refuses(cast.zhao.contact_id, ConsentKind.SURVEY)


@pytest.mark.parametrize(
    "change", [{"is_given": True}, {"wording": "x"}, {"words": "x"}, {"kind": "email"}, {"source": "desk"}]
)
def test_the_database_lets_nobody_change_a_record(cast: Cast, change: dict[str, object]) -> None:
    say(cast.zhao, "sms", given=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.update(**change)


def test_a_record_outlives_who_said_it(cast: Cast, stranger: User) -> None:
    say_consents(contact_of(cast.zhao), {"sms": False}, by=stranger, source=Consent.Source.DESK)
    stranger.delete()
    assert Consent.objects.get().by is None


def test_who_said_nothing_refuses_nothing(cast: Cast) -> None:
    assert not refuses(cast.zhao.contact_id, ConsentKind.SURVEY)
    assert not refuses(None, ConsentKind.SURVEY)


def test_numbers_of_who_refuses_are_found_by_kind(cast: Cast, stranger: User) -> None:
    ContactPoint.objects.create(contact=cast.zhao.contact, kind="phone", raw=NUMBER, value=NUMBER)
    ContactPoint.objects.create(contact=stranger.contact, kind="phone", raw=NUMBER, value=NUMBER)
    say(stranger, "phone", given=True)
    assert refusing_numbers([NUMBER], ConsentKind.PHONE) == set()
    say(cast.zhao, "phone", given=False)
    assert refusing_numbers([NUMBER], ConsentKind.PHONE) == {NUMBER}
    assert refusing_numbers([NUMBER], ConsentKind.SMS) == set()
    say(cast.zhao, "phone", given=True)
    assert refusing_numbers([NUMBER], ConsentKind.PHONE) == set()


def test_staff_read_it_at_the_contact(client: Client, cast: Cast) -> None:
    say(cast.zhao, "wechat", given=False)
    client.force_login(cast.mei)
    page = client.get(f"/crm/contacts/{cast.zhao.contact_id}/").content.decode()
    assert "Offers on WeChat" in page
    assert WORDING in page


def test_only_the_customers_own_word_is_shown_and_said(zhao: Client, stranger: User) -> None:
    say(stranger, "phone", given=False)
    assert "Since" not in zhao.get(PAGE).content.decode()
    zhao.post(PAGE, {"phone": "yes"})
    assert refuses(stranger.contact_id, ConsentKind.PHONE)
