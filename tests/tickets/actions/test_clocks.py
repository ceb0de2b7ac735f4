"""One clock's ledger: what is written, in which order, and what its row says of it."""

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.clocks import Ledger, backdate_clock, ledger_of, stop_clock, switch_clock, write_ledgers
from tickets.models import SlaClock, Ticket
from tickets.queries.ledger import Book

MON = "2026-01-05T"


def resolution(ticket: Ticket) -> tuple[Ledger, Book]:
    ledger = ledger_of(ticket)
    book = ledger.latest("resolution")
    assert book is not None
    return ledger, book


def stored(ticket: Ticket) -> SlaClock:
    write_ledgers([ticket])
    return ticket.clocks.get(metric="resolution")


def test_segments_follow_one_another_without_a_gap(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "11:00")):
        ledger, running = resolution(ticket)
        switch_clock(ledger, running, "waiting_customer", at(MON + "10:00"), "status")
        switch_clock(ledger, running, "open", at(MON + "11:00"), "status")
    first, pause, last = stored(ticket).segments.all()
    assert first.ended_at == pause.started_at == at(MON + "10:00")
    assert pause.ended_at == last.started_at == at(MON + "11:00")
    assert last.ended_at is None


def test_a_stop_before_the_start_ends_it_at_its_start(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        stop_clock(*resolution(ticket), at(MON + "08:00"))
    running = stored(ticket)
    assert (running.state, running.consumed_s, running.stopped_at) == ("met", 0, at(MON + "09:00"))


def test_a_stopped_clock_keeps_its_limits_for_the_record(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        stop_clock(*resolution(ticket), at(MON + "10:00"))
    running = stored(ticket)
    assert (running.due_at, running.next_event_at) == (at(MON + "17:00"), None)


def test_a_later_start_changes_nothing(open_at: OpenTicket, cast: Cast) -> None:
    ticket = open_at(MON + "09:00")
    with clock.at(at(MON + "10:00")):
        backdate_clock(*resolution(ticket), at(MON + "09:30"))
    assert stored(ticket).started_at == at(MON + "09:00")


def test_the_ledger_keeps_whole_seconds(open_at: OpenTicket) -> None:
    ticket = open_at(MON + "09:00:00.900")
    assert stored(ticket).segments.get().started_at == at(MON + "09:00:00")
