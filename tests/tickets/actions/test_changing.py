"""Two people at once: nothing is lost, nothing is overwritten unseen, nothing is done twice."""

from datetime import timedelta

import pytest

from crmcore import clock
from tests.at_once import at_once
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.alerts import process_due
from tickets.actions.changing import StaleTicket, changing
from tickets.actions.entries import append_event
from tickets.actions.lifecycle import assign_ticket, resolve_ticket
from tickets.actions.replies import add_note, customer_reply, reply
from tickets.models import SlaEvent, Ticket

MON = "2026-01-05T"


def test_a_reply_that_has_not_seen_the_latest_message_is_refused(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    customer_reply(ticket, by_contact=cast.zhao.contact, body="It works again.")
    with pytest.raises(StaleTicket):
        reply(ticket, by=cast.mei, body="Please send it in.", seen_seq=ticket.seq)


def test_what_the_desk_does_by_itself_keeps_no_reply_back(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    seen_seq = ticket.seq
    with changing(ticket) as locked:
        append_event(locked, "escalated", by=None, at=clock.now())
    reply(ticket, by=cast.mei, body="Please send it in.", seen_seq=seen_seq)
    ticket.refresh_from_db()
    assert ticket.interactions.filter(body="Please send it in.").exists()


def test_a_failed_change_leaves_nothing(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    with pytest.raises(RuntimeError), changing(ticket) as locked:
        locked.subject = "Half done"
        raise RuntimeError
    ticket.refresh_from_db()
    assert ticket.subject == "Washing machine shows E3"


@pytest.mark.django_db(transaction=True)
def test_notes_written_at_once_all_stand(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    at_once(*(lambda n=n: add_note(ticket, by=cast.mei, body=f"note {n}") for n in range(4)))
    ticket.refresh_from_db()
    assert ticket.interactions.filter(channel="note").count() == 4
    assert ticket.interactions.count() == ticket.seq


@pytest.mark.django_db(transaction=True)
def test_solving_and_assigning_at_once_keeps_both(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    at_once(
        lambda: resolve_ticket(ticket, by=cast.sun),
        lambda: assign_ticket(ticket, to=cast.mei, by=cast.sun),
        lambda: resolve_ticket(ticket, by=cast.mei),
    )
    ticket.refresh_from_db()
    assert (ticket.status.category, ticket.assignee) == ("solved", cast.mei)
    assert ticket.interactions.filter(event="status").count() == 1


@pytest.mark.django_db(transaction=True)
def test_ticks_at_once_write_every_breach_once(open_at: OpenTicket) -> None:
    tickets = [open_at(MON + "09:00") for _ in range(6)]
    late = at(MON + "09:00") + timedelta(days=7)

    def tick() -> None:
        with clock.at(late):
            while process_due(limit=2):
                pass

    at_once(tick, tick, tick)
    tick()
    breaches = SlaEvent.objects.filter(kind="breach", clock__metric="first_reply")
    assert breaches.count() == len(tickets)
    assert set(Ticket.objects.values_list("sla_state", flat=True)) == {"breached"}
