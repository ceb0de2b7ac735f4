"""Interactions: on a ticket or on the customer, once per reference, never changed, seen by whom they concern."""

from typing import Any

from crmcore import clock
from crmcore.models import Contact, LiveEvent
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import resolve_ticket
from tickets.actions.replies import add_note, reply
from tickets.models import Interaction, Ticket

MON = "2026-01-05T"


def call(cast: Cast, ticket: Ticket | None = None, **changes: Any) -> Interaction:
    facts: dict[str, Any] = {
        "ticket": ticket,
        "account": cast.account,
        "contact": cast.zhao.contact,
        "channel": "call",
        "direction": "in",
        "body": "E3",
        "is_public": False,
        "by": cast.mei,
        "answered": True,
        "talk_seconds": 60,
    }
    return log_interaction(**{**facts, **changes})


def test_a_call_that_needs_no_ticket_stands_on_the_customer(cast: Cast) -> None:
    entry = call(cast)
    assert (entry.ticket, entry.seq, entry.contact) == (None, None, cast.zhao.contact)
    heard = set(LiveEvent.objects.filter(kind="interaction.added").values_list("topic", flat=True))
    assert heard == {f"account:{cast.account.pk}", f"contact:{cast.zhao.contact_id}"}


def test_the_same_reference_by_the_same_person_is_one_entry(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    first, again = call(cast, ticket, reference="call:1"), call(cast, ticket, reference="call:1")
    other = call(cast, ticket, reference="call:1", by=cast.sun)
    assert first == again != other


def test_a_call_after_solving_reopens_and_one_before_does_not(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        resolve_ticket(ticket, by=cast.mei)
    with clock.at(at(MON + "10:30")):
        call(cast, ticket, occurred_at=at(MON + "09:50"))
        ticket.refresh_from_db()
        assert ticket.status.category == "solved"
        call(cast, ticket, occurred_at=at(MON + "10:20"))
    ticket.refresh_from_db()
    assert ticket.status.category == "open"


def test_entries_are_numbered_without_gaps(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    reply(ticket, by=cast.mei, body="one")
    add_note(ticket, by=cast.mei, body="two")
    call(cast, ticket)
    numbers = list(ticket.interactions.order_by("seq").values_list("seq", flat=True))
    ticket.refresh_from_db()
    assert numbers == list(range(1, ticket.seq + 1))


def test_customers_read_only_what_is_public(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    add_note(ticket, by=cast.mei, body="Difficult customer")
    reply(ticket, by=cast.mei, body="On it.")
    seen = Interaction.objects.visible_to(cast.zhao).filter(ticket=ticket)
    assert set(seen.values_list("body", flat=True)) == {"It stops and shows E3.", "On it."}


def test_who_really_called_stands_on_the_entry(cast: Cast, open_at: OpenTicket) -> None:
    colleague = Contact.objects.create(name="Tom", created_at=clock.now())
    entry = call(cast, open_at(MON + "09:00"), contact=colleague, is_public=True)
    assert entry.contact == colleague
    assert entry in Interaction.objects.visible_to(cast.zhao)


def test_outsiders_read_nothing_of_a_ticket(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    assert not Interaction.objects.visible_to(cast.omar).filter(ticket=ticket).exists()


def test_staff_read_calls_that_needed_no_ticket(cast: Cast) -> None:
    entry = call(cast)
    assert entry in Interaction.objects.visible_to(cast.omar)


def test_what_was_said_is_found(cast: Cast, open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    add_note(ticket, by=cast.mei, body="排水泵堵塞，已指导清理")
    assert Ticket.objects.filter(pk=ticket.pk).extra(where=["search @@ to_tsquery('simple', '水泵')"]).exists()
