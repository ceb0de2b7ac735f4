"""The desk's own fields on pages: forms per type, edited in place, nothing lost to bad input, and over the API."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from crmcore.actions.people import issue_token
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket
from tickets.actions.field_setup import attach_field
from tickets.actions.fields import set_fields
from tickets.field_values import FieldKind
from tickets.models import Ticket, TicketField, TypeField
from tickets.queries.wording import type_called

MON = "2026-01-05T"
FRAGMENT = {"HX-Request": "true"}
# What somebody types, and what is kept of it.
TYPED = {
    "text": ("Building 3", "Building 3"),
    "long_text": ("one\ntwo", "one\ntwo"),
    "whole": ("42", 42),
    "decimal": ("0.1", 0.1),
    "money": ("12.50", 1250),
    "date": ("2026-01-06", "2026-01-06"),
    "moment": ("2026-01-06T15:00", "2026-01-06T15:00:00Z"),
    "yes_no": ("no", False),
    "choice": ("b", "b"),
    "choices": (["a", "b"], ["a", "b"]),
}


@pytest.fixture
def mei(client: Client, cast: Cast) -> Client:
    client.force_login(cast.mei)
    return client


@pytest.fixture
def fields(cast: Cast) -> list[TicketField]:
    """A field of every kind on repairs."""
    return [field(cast, kind) for kind in FieldKind.values]


def field(cast: Cast, kind: str, *, required: str = "", **facts: object) -> TicketField:
    shape = {"currency": "CNY"} if kind == "money" else {}
    choices = [["a", "Ant", "蚁", True], ["b", "Bee", "蜂", True]]
    made = TicketField.objects.create(
        code=kind, **{"kind": kind, "name": f"My {kind}", "choices": choices, **shape, **facts}
    )
    attach_field(type_called("repair"), made, by=cast.ada)
    TypeField.objects.filter(field=made).update(required=required)
    return made


def api(cast: Cast) -> APIClient:
    return APIClient(headers={"Authorization": f"Bearer {issue_token(cast.mei, 'test', by=cast.mei)}"})


def typed() -> dict[str, object]:
    return {f"field_{kind}": value for kind, (value, _stored) in TYPED.items()}


def edit(ticket: Ticket) -> str:
    return reverse("tickets:edit_fields", args=[ticket.number])


def new_ticket(cast: Cast, **more: object) -> dict[str, object]:
    kinds = {"type": type_called("repair").pk, "queue": cast.support_queue.pk}
    return {"subject": "Leaks", "priority": "normal", "channel": "call", **kinds, **more}


def test_every_kind_is_filled_in_and_read_back(
    mei: Client, cast: Cast, open_at: OpenTicket, fields: list[TicketField]
) -> None:
    ticket = open_at(MON + "09:00")
    people = {"field_customer": cast.account.code, "field_colleague": cast.omar.pk}
    answer = mei.post(edit(ticket), {**typed(), **people, "seen_seq": ticket.seq}, headers=FRAGMENT)
    ticket.refresh_from_db()
    kept = {kind: stored for kind, (_value, stored) in TYPED.items()}
    assert ticket.fields == {**kept, "customer": cast.account.pk, "colleague": cast.omar.pk}
    page = answer.content.decode()
    assert all(said in page for said in ("Building 3", "CNY 12.50", "Ant, Bee", "Omar", "6 Jan 2026"))
    form = mei.get(edit(ticket), headers=FRAGMENT).content.decode()
    assert all(said in form for said in ('value="12.50"', 'value="0.1"', 'value="2026-01-06"', cast.account.code))


def test_saving_the_form_unchanged_touches_nothing(
    mei: Client, cast: Cast, open_at: OpenTicket, fields: list[TicketField]
) -> None:
    ticket = open_at(MON + "09:00")
    mei.post(edit(ticket), {**typed(), "seen_seq": ticket.seq}, headers=FRAGMENT)
    ticket.refresh_from_db()
    mei.post(edit(ticket), {**typed(), "seen_seq": ticket.seq}, headers=FRAGMENT)
    assert Ticket.objects.get(pk=ticket.pk).seq == ticket.seq


def test_what_somebody_else_wrote_meanwhile_is_shown_first(
    mei: Client, cast: Cast, open_at: OpenTicket, fields: list[TicketField]
) -> None:
    ticket = open_at(MON + "09:00")
    set_fields(ticket, {"text": "Building 5"}, by=cast.ada)
    form = {"field_text": "Building 3", "seen_seq": ticket.seq}
    answer = mei.post(edit(ticket), form, headers=FRAGMENT)
    ticket.refresh_from_db()
    assert ticket.fields == {"text": "Building 5"}
    assert "Building 3" in answer.content.decode()
    mei.post(edit(ticket), {**form, "seen_seq": ticket.seq}, headers=FRAGMENT)
    ticket.refresh_from_db()
    assert ticket.fields == {"text": "Building 3"}


def test_a_wrong_value_is_said_beside_its_field_and_nothing_is_lost(
    mei: Client, open_at: OpenTicket, fields: list[TicketField]
) -> None:
    ticket = open_at(MON + "09:00")
    answer = mei.post(edit(ticket), {"field_text": "Building 3", "field_date": "tomorrow"})
    assert answer.status_code == 422
    assert "Building 3" in answer.content.decode()
    assert Ticket.objects.get(pk=ticket.pk).fields == {}


def test_the_new_ticket_form_asks_for_the_fields_of_its_type(mei: Client, cast: Cast) -> None:
    field(cast, "text", required="opening")
    page = mei.get(reverse("tickets:asked_fields"), {"type": type_called("repair").pk}).content.decode()
    assert "field_text" in page
    assert mei.post(reverse("tickets:new"), new_ticket(cast)).status_code == 200
    assert not Ticket.objects.exists()
    mei.post(reverse("tickets:new"), new_ticket(cast, field_text="Building 3"))
    assert Ticket.objects.get().fields == {"text": "Building 3"}


def test_customers_fill_in_what_is_theirs_and_read_what_they_may(client: Client, cast: Cast) -> None:
    field(cast, "text", audience="write", required="opening")
    field(cast, "whole", audience="staff")
    client.force_login(cast.zhao)
    request = {"text": "It leaks.", "type": type_called("repair").pk, "urgency": "normal", "once": "a1"}
    assert "field_whole" not in client.get(reverse("portal:asked-fields"), request).content.decode()
    assert client.post(reverse("portal:new-request"), request).status_code == 422
    client.post(reverse("portal:new-request"), {**request, "field_text": "Building 3", "field_whole": "4"})
    ticket = Ticket.objects.get()
    assert ticket.fields == {"text": "Building 3"}
    assert "Building 3" in client.get(reverse("portal:request", args=[ticket.number])).content.decode()


def test_the_api_takes_gives_and_finds_values(cast: Cast, fields: list[TicketField]) -> None:
    caller = api(cast)
    form = {"subject": "Leaks", "type": "repair", "queue": "support", "channel": "call"}
    made = caller.post("/api/v1/tickets/", {**form, "fields": {"money": 1250, "choices": ["b"]}}, format="json").json()
    assert made["fields"] == {"money": 1250, "choices": ["b"]}
    caller.patch(f"/api/v1/tickets/{made['number']}/", {"fields": {"money": None, "whole": 3}}, format="json")
    found = caller.get("/api/v1/tickets/", {"fields": json.dumps({"whole": 3})}).json()["results"]
    assert [row["fields"] for row in found] == [{"choices": ["b"], "whole": 3}]
    assert caller.get("/api/v1/tickets/", {"fields": json.dumps({"whole": 4})}).json()["results"] == []
    assert caller.get("/api/v1/tickets/", {"fields": "nonsense"}).json()["results"] == []


def test_the_api_says_which_field_was_refused_and_why(cast: Cast, fields: list[TicketField]) -> None:
    form = {"subject": "Leaks", "type": "repair", "queue": "support", "channel": "call"}
    answer = api(cast).post("/api/v1/tickets/", {**form, "fields": {"whole": "many", "nose": 1}}, format="json")
    assert answer.status_code == 400
    assert all(code in answer.content.decode() for code in ("whole", "nose"))
    assert not Ticket.objects.exists()
