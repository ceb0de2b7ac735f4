"""Splitting: entries move, and each ticket owes what is left of the question."""

import pytest

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.moves import WrongMove
from tickets.actions.replies import customer_reply, reply
from tickets.actions.splitting import split_ticket
from tickets.models import Ticket
from tickets.queries.timeline import timeline
from tickets.queries.wording import type_called

MON = "2026-01-05T"


def ask(ticket: Ticket, cast: Cast, moment: str, words: str) -> int:
    assert cast.zhao.contact
    with clock.at(at(MON + moment)):
        return customer_reply(ticket, by_contact=cast.zhao.contact, body=words).pk


def split(ticket: Ticket, cast: Cast, *entries: int, moment: str = "11:00") -> Ticket:
    with clock.at(at(MON + moment)):
        kind = type_called("request")
        return split_ticket(ticket, entries, by=cast.mei, subject="The dryer", type=kind, queue=ticket.queue)


def test_what_is_moved_stands_on_the_new_ticket_alone(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00", body="The washer leaks")
    moved = ask(ticket, cast, "10:00", "And the dryer is loud")
    new = split(ticket, cast, moved)
    assert [e.text for e in timeline(ticket, cast.mei).entries if e.text] == ["The washer leaks"]
    assert [e.text for e in timeline(new, cast.mei).entries if e.text] == ["And the dryer is loud"]
    assert timeline(new, cast.mei).entries[-1].did == f"took over 1 entry of {ticket.number}"


def test_first_reply_is_owed_since_the_moved_question(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    new = split(ticket, cast, ask(ticket, cast, "10:00", "And the dryer is loud"))
    assert new.clocks.get(metric="first_reply").due_at == at(MON + "14:00")
    assert new.clocks.get(metric="resolution").started_at == at(MON + "11:00")


def test_nothing_is_owed_for_what_was_answered(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    moved = ask(ticket, cast, "10:00", "And the dryer is loud")
    with clock.at(at(MON + "10:30")):
        reply(ticket, by=cast.mei, body="We look after both")
    assert not split(ticket, cast, moved).clocks.filter(metric="first_reply").exists()


def test_the_old_ticket_owes_no_reply_once_its_only_question_went(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "09:30")):
        reply(ticket, by=cast.mei, body="Done")
    split(ticket, cast, ask(ticket, cast, "10:00", "And the dryer is loud"))
    assert ticket.clocks.get(metric="next_reply").state == "cancelled"


def test_the_old_ticket_still_owes_what_is_left(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    split(ticket, cast, ask(ticket, cast, "10:00", "And the dryer is loud"))
    first = ticket.clocks.get(metric="first_reply")
    assert (first.state, first.started_at) == ("running", at(MON + "09:00"))


def test_events_and_entries_of_other_tickets_do_not_move(open_at: OpenTicket, cast: Cast) -> None:
    ticket, other = open_at(MON + "09:00"), open_at(MON + "09:00")
    foreign = ask(other, cast, "10:00", "Mine")
    event = ticket.interactions.get(event="opened").pk
    with pytest.raises(WrongMove):
        split(ticket, cast, foreign, event)
    assert Ticket.objects.count() == 2
