"""Canned replies: in the customer's language, every place filled, found as people type."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.models import CannedReply
from tickets.placeholders import Place, filled, unknown_in
from tickets.queries.canned import replies_for

MON = "2026-01-05T"


@pytest.fixture
def thanks(db: None) -> CannedReply:
    CannedReply.objects.all().delete()
    return CannedReply.objects.create(
        code="thanks",
        name="Thank you",
        name_zh="感谢来信",
        body="Dear {customer}, thank you for {number}. {agent}, {queue}",
        body_zh="{customer}您好，感谢来信（{ number }）。{agent}",
    )


def test_a_reply_speaks_the_customers_language(open_at: OpenTicket, cast: Cast, thanks: CannedReply) -> None:
    ticket = open_at(MON + "09:00")
    assert [one.text for one in replies_for(ticket, cast.mei, "")] == [
        f"Dear 赵敏, thank you for {ticket.number}. Mei, Support"
    ]
    assert ticket.contact
    ticket.contact.language = "zh-hans"
    assert replies_for(ticket, cast.mei, "")[0].text == f"赵敏您好，感谢来信（{ticket.number}）。Mei"


def test_a_missing_translation_is_the_other_text(open_at: OpenTicket, cast: Cast, thanks: CannedReply) -> None:
    CannedReply.objects.update(body_zh="")
    ticket = open_at(MON + "09:00")
    assert ticket.contact
    ticket.contact.language = "zh-hans"
    assert replies_for(ticket, cast.mei, "")[0].text.startswith("Dear 赵敏")


@pytest.mark.parametrize("place", Place.values)
def test_no_place_is_left_where_nothing_is_known(place: str) -> None:
    text = filled(f"a {{{place}}} b {{nonsense}}", {})
    assert "{" not in text
    assert len(text) > len("a  b ")


def test_a_customer_without_a_name_and_an_internal_subject_fall_back(
    open_at: OpenTicket, cast: Cast, thanks: CannedReply
) -> None:
    CannedReply.objects.update(body="Dear {customer}, about {subject}")
    ticket = open_at(MON + "09:00", account=None, contact=None, subject="Rude caller", is_subject_internal=True)
    assert replies_for(ticket, cast.mei, "")[0].text == "Dear customer, about your request"


@pytest.mark.parametrize(
    ("words", "count"), [("thank", 1), ("TH YO", 1), ("ganxie", 1), ("gx", 1), ("感谢", 1), ("no", 0)]
)
def test_replies_are_found_by_either_name(
    open_at: OpenTicket, cast: Cast, thanks: CannedReply, words: str, count: int
) -> None:
    assert len(replies_for(open_at(MON + "09:00"), cast.mei, words)) == count


def test_the_form_refuses_places_that_do_not_exist(client: Client, cast: Cast) -> None:
    client.force_login(cast.ada)
    form = {"name": "Hi", "name_zh": "", "body": "Hi {name}", "body_zh": ""}
    answer = client.post(reverse("setup:canned_replies_new"), form)
    assert answer.status_code == 422
    assert "{name}" in answer.content.decode()
    assert unknown_in("{customer} {Name}") == ["{Name}"]
    assert client.post(reverse("setup:canned_replies_new"), form | {"body": "Hi {customer}"}).status_code == 302


def test_only_those_who_see_the_ticket_are_offered_its_replies(
    client: Client, open_at: OpenTicket, cast: Cast, thanks: CannedReply
) -> None:
    ticket = open_at(MON + "09:00")
    address = reverse("tickets:replies", args=[ticket.number])
    client.force_login(cast.omar)
    assert client.get(address).status_code == 404
    client.force_login(cast.mei)
    assert "Dear 赵敏" in client.get(address, {"q": "thank"}).content.decode()
