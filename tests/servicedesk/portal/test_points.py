"""How we reach a customer, changed by themselves: nothing counts before its code, the old address is told."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from crmcore import clock
from crmcore.actions.letters import send_due_letters
from crmcore.actions.one_time_codes import MOST_TRIES, digits_of
from crmcore.models import AuditEntry, ContactPoint, Letter, OneTimeCode, User
from servicedesk.portal import point_codes
from tests.cast import Cast
from tests.servicedesk.portal.test_own_data import prove

PAGE = "/portal/profile/contact/"
NEW = "Min@Hotels.net"


@pytest.fixture
def old(cast: Cast) -> ContactPoint:
    return ContactPoint.objects.create(
        contact=cast.zhao.contact, kind="email", raw="old@hotels.net", value="old@hotels.net", label="Office"
    )


def ask(client: Client, address: str = NEW, place: str = "new") -> int:
    return client.post(f"{PAGE}{place}/", {"address": address}).status_code


def type_in(client: Client, typed: str = "") -> int:
    code = OneTimeCode.objects.filter(purpose="point").latest("pk")
    return client.post(f"{PAGE}code/", {"code": typed or digits_of(code)}).status_code


def values(user: User) -> list[str]:
    return list(ContactPoint.objects.filter(contact=user.contact_id).order_by("pk").values_list("value", flat=True))


def told() -> set[str]:
    return set(Letter.objects.filter(code=None).values_list("to", flat=True))


def test_a_new_address_counts_once_its_code_is_typed_in(zhao: Client, cast: Cast) -> None:
    assert ask(zhao) == 302
    assert values(cast.zhao) == []
    send_due_letters()
    assert mail.outbox[-1].to == ["min@hotels.net"]
    assert type_in(zhao) == 302
    point = ContactPoint.objects.get(contact=cast.zhao.contact)
    assert (point.value, point.raw, point.verified_at is not None) == ("min@hotels.net", NEW, True)
    assert told() == {"zhao@example.com"}
    assert AuditEntry.objects.filter(verb="point.confirmed_by_customer", actor=cast.zhao).exists()


def test_the_new_one_takes_the_old_ones_place_and_the_old_one_is_told(
    zhao: Client, cast: Cast, old: ContactPoint
) -> None:
    ask(zhao, place=str(old.pk))
    assert values(cast.zhao) == ["old@hotels.net"]
    type_in(zhao)
    assert values(cast.zhao) == ["min@hotels.net"]
    assert ContactPoint.objects.get().label == "Office"
    assert told() == {"zhao@example.com", "old@hotels.net"}
    body = Letter.objects.get(to="old@hotels.net").body
    assert "m***@hotels.net" in body
    assert "min@hotels.net" not in body


def test_a_code_is_right_once_and_five_wrong_ones_use_it_up(zhao: Client, cast: Cast) -> None:
    ask(zhao)
    code = OneTimeCode.objects.get()
    wrong = str((int(digits_of(code)) + 1) % 10**6).zfill(6)
    assert [type_in(zhao, wrong) for _try in range(MOST_TRIES)] == [422] * MOST_TRIES
    assert type_in(zhao) == 422
    assert values(cast.zhao) == []


def test_a_code_that_was_used_is_used_up(zhao: Client, cast: Cast) -> None:
    ask(zhao)
    kept = dict(zhao.session["portal_point"])
    type_in(zhao)
    ContactPoint.objects.all().delete()
    session = zhao.session
    session["portal_point"] = kept
    session.save()
    assert type_in(zhao) == 422
    assert values(cast.zhao) == []


def test_a_code_holds_for_ten_minutes(zhao: Client, cast: Cast) -> None:
    ask(zhao)
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert type_in(zhao) == 422
    assert values(cast.zhao) == []


def test_the_code_of_another_changes_nothing(zhao: Client, cast: Cast, stranger: User) -> None:
    other = Client()
    other.force_login(stranger)
    ask(other)
    session = zhao.session
    session["portal_point"] = dict(other.session["portal_point"])
    session.save()
    assert type_in(zhao) == 422
    assert values(cast.zhao) == []


def test_no_readable_code_is_kept(zhao: Client) -> None:
    ask(zhao)
    code = OneTimeCode.objects.get()
    kept = f"{OneTimeCode.objects.values().get()} {Letter.objects.values()} {zhao.session['portal_point']}"
    assert digits_of(code) not in kept


def test_the_address_for_signing_in_needs_a_proof_first(zhao: Client, cast: Cast) -> None:
    assert zhao.get(f"{PAGE}own/")["Location"] == "/portal/profile/prove/"
    assert ask(zhao, place="own") == 302
    assert not OneTimeCode.objects.filter(purpose="point").exists()
    zhao.get(f"{PAGE}own/")
    assert prove(zhao) == 302
    ask(zhao, place="own")
    type_in(zhao)
    cast.zhao.refresh_from_db()
    assert cast.zhao.email == "min@hotels.net"
    assert told() == {"zhao@example.com"}


def test_an_address_with_which_somebody_else_signs_in_is_refused(zhao: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.mei.pk).update(email="min@hotels.net")
    zhao.get(f"{PAGE}own/")
    prove(zhao)
    ask(zhao, place="own")
    type_in(zhao)
    cast.zhao.refresh_from_db()
    assert cast.zhao.email == "zhao@example.com"
    assert values(cast.zhao) == []


def test_points_of_others_are_out_of_reach(zhao: Client, stranger: User, cast: Cast) -> None:
    theirs = ContactPoint.objects.create(contact=stranger.contact, kind="email", raw="l@x.net", value="l@x.net")
    assert zhao.get(f"{PAGE}{theirs.pk}/").status_code == 302
    ask(zhao, place=str(theirs.pk))
    zhao.post(f"{PAGE}{theirs.pk}/remove/")
    assert not OneTimeCode.objects.exists()
    assert values(stranger) == ["l@x.net"]


@pytest.mark.parametrize("typed", ["", "nonsense", "a@b", "12"])
def test_what_is_no_address_is_said(zhao: Client, typed: str) -> None:
    assert ask(zhao, typed) == 422
    assert not OneTimeCode.objects.exists()


def test_codes_are_not_sent_without_end(zhao: Client) -> None:
    answers = [ask(zhao, f"min{number}@hotels.net") for number in range(12)]
    assert answers[0] == 302
    assert answers[-1] == 429


def test_asking_again_at_once_sends_no_second_code(zhao: Client) -> None:
    for _again in range(3):
        assert ask(zhao) == 302
    assert OneTimeCode.objects.count() == 1


def test_a_number_without_a_way_for_messages_is_said(zhao: Client) -> None:
    assert ask(zhao, "+351 912 345 678") == 422
    assert not OneTimeCode.objects.exists()


def test_a_number_is_proved_by_text_and_the_old_one_told(
    zhao: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(
        point_codes, "text_from_desk", lambda number, words, **_more: sent.append((number, words)) or True
    )
    phone = ContactPoint.objects.create(
        contact=cast.zhao.contact, kind="phone", raw="+351 911 111 111", value="+351911111111"
    )
    assert ask(zhao, "+351 912 345 678", str(phone.pk)) == 302
    type_in(zhao)
    assert values(cast.zhao) == ["+351912345678"]
    assert [number for number, _words in sent] == ["+351912345678", "+351911111111"]
    assert "912345678" not in sent[1][1].replace(" ", "")


def test_the_address_for_signing_in_is_not_taken_away(zhao: Client, cast: Cast, old: ContactPoint) -> None:
    own = ContactPoint.objects.create(
        contact=cast.zhao.contact, kind="email", raw="zhao@example.com", value="zhao@example.com"
    )
    for point in (own, old):
        for _again in range(2):
            assert zhao.post(f"{PAGE}{point.pk}/remove/").status_code == 302
    assert values(cast.zhao) == ["zhao@example.com"]
    assert told() == {"zhao@example.com", "old@hotels.net"}


def test_strangers_and_staff_come_not_in(client: Client, cast: Cast) -> None:
    assert client.get(PAGE).status_code == 302
    client.force_login(cast.mei)
    assert client.get(PAGE)["Location"] == "/"
