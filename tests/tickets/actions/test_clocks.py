"""One clock's ledger: what is written, in which order, and what its row says of it."""

from crmcore import clock
from tests.cast import Cast
from tests.tickets.conftest import OpenTicket, at
from tickets.actions.clocks import backdate_clock, stop_clock, switch_clock
from tickets.models import SlaClock, Ticket

MON = "2026-01-05T"


def resolution(ticket: Ticket) -> SlaClock:
    return ticket.clocks.get(metric="resolution")


def test_segments_follow_one_another_without_a_gap(open_at: OpenTicket) -> None:
    running = resolution(open_at(MON + "09:00"))
    with clock.at(at(MON + "11:00")):
        switch_clock(running, "waiting_customer", at(MON + "10:00"), "status")
        switch_clock(running, "open", at(MON + "11:00"), "status")
    first, pause, last = running.segments.all()
    assert first.ended_at == pause.started_at == at(MON + "10:00")
    assert pause.ended_at == last.started_at == at(MON + "11:00")
    assert last.ended_at is None


def test_a_stop_before_the_start_ends_it_at_its_start(open_at: OpenTicket) -> None:
    running = resolution(open_at(MON + "09:00"))
    with clock.at(at(MON + "10:00")):
        stop_clock(running, at(MON + "08:00"))
    assert (running.state, running.consumed_s, running.stopped_at) == ("met", 0, at(MON + "09:00"))


def test_a_stopped_clock_keeps_its_limits_for_the_record(open_at: OpenTicket) -> None:
    running = resolution(open_at(MON + "09:00"))
    with clock.at(at(MON + "10:00")):
        stop_clock(running, at(MON + "10:00"))
    assert (running.due_at, running.next_event_at) == (at(MON + "17:00"), None)


def test_a_later_start_changes_nothing(open_at: OpenTicket, cast: Cast) -> None:
    running = resolution(open_at(MON + "09:00"))
    with clock.at(at(MON + "10:00")):
        backdate_clock(running, at(MON + "09:30"))
    assert running.started_at == at(MON + "09:00")


def test_the_ledger_keeps_whole_seconds(open_at: OpenTicket) -> None:
    running = resolution(open_at(MON + "09:00:00.900"))
    assert running.segments.get().started_at == at(MON + "09:00:00")
