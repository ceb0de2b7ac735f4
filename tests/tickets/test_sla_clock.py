"""SLA clock arithmetic: golden vectors 9 to 14, the rules of pauses and limits, and properties."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.working_time import CalendarError, working_calendar
from tickets.sla_clock import (
    WALL_CLOCK,
    Mark,
    Reading,
    Terms,
    consumed_s,
    earlier,
    entries,
    explain,
    final,
    halt,
    is_late,
    replay,
    run,
    warn_at,
)

HOUR = 3600
SHANGHAI = ZoneInfo("Asia/Shanghai")
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
OFFICE = working_calendar("Asia/Shanghai", {day: [["09:00", "17:00"]] for day in WORKDAYS}, [])
NEVER = working_calendar("Asia/Shanghai", {}, [])


@dataclass(frozen=True)
class Stretch:
    started_at: datetime
    ended_at: datetime | None
    category: str = "open"
    cause: str = "status"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of the week that begins on Monday 5 January 2026, in Shanghai."""
    return datetime(2026, 1, 4 + day, hour, minute, tzinfo=SHANGHAI)


def terms(seconds: int, *pauses: str) -> Terms:
    return Terms(seconds, OFFICE, (Mark(1, seconds * 80 // 100),), frozenset(pauses))


MON, TUE, WED = 1, 2, 3
WAITING = "waiting_customer"
PAUSED_A_DAY = [
    Stretch(at(MON, 9), at(MON, 10)),
    Stretch(at(MON, 10), at(TUE, 10), WAITING),
    Stretch(at(TUE, 10), None),
]


def test_vector_9_a_pause_moves_the_due_moment_by_working_time() -> None:
    assert replay(PAUSED_A_DAY, terms(4 * HOUR, WAITING)).due_at == at(TUE, 13)


def test_vector_10_a_shorter_target_is_measured_from_the_start() -> None:
    ledger = [Stretch(at(MON, 9), None)]
    assert replay(ledger, terms(8 * HOUR)).due_at == at(MON, 17)
    retroactive = replay(ledger, terms(2 * HOUR))
    assert retroactive.due_at == at(MON, 11)
    assert is_late(retroactive.due_at, at(MON, 12))


def test_vector_11_the_oldest_unanswered_contact_counts() -> None:
    start = earlier(at(MON, 10), at(MON, 10, 20))
    reading = final([Stretch(start, at(MON, 10, 50), cause="contact")], terms(HOUR))
    assert reading.consumed_s == 50 * 60
    assert not is_late(reading.due_at, at(MON, 10, 50))


def test_vector_12_a_clock_closed_in_time_is_not_breached() -> None:
    reading = final([Stretch(at(MON, 10), at(MON, 10, 30))], terms(HOUR))
    assert reading.due_at == at(MON, 11)
    assert reading.running_since is None


def test_vector_13_a_pause_that_ends_in_solved_is_not_counted() -> None:
    reading = final(PAUSED_A_DAY[:2], terms(4 * HOUR, WAITING))
    assert reading.consumed_s == HOUR
    assert reading.due_at is None


@pytest.mark.parametrize(("source", "due"), [(at(MON, 9), at(MON, 13)), (at(MON, 12), at(MON, 14))])
def test_vector_14_an_older_contact_moves_due_earlier_only(source: datetime, due: datetime) -> None:
    start = earlier(at(MON, 10), source)
    assert replay([Stretch(start, None)], terms(4 * HOUR)).due_at == due


def test_met_in_the_very_second_and_late_in_the_next() -> None:
    due = at(MON, 13)
    assert not is_late(due, due + timedelta(milliseconds=999))
    assert is_late(due, due + timedelta(seconds=1))


def test_a_due_moment_that_passed_stays_through_a_later_pause() -> None:
    ledger = [
        Stretch(at(MON, 9), at(MON, 14)),
        Stretch(at(MON, 14), at(TUE, 9), WAITING),
        Stretch(at(TUE, 9), None),
    ]
    assert replay(ledger[:2], terms(4 * HOUR, WAITING)).due_at == at(MON, 13)
    assert replay(ledger, terms(4 * HOUR, WAITING)).due_at == at(MON, 13)


def test_a_pause_at_the_very_due_moment_is_not_late() -> None:
    ledger = [Stretch(at(MON, 9), at(MON, 13)), Stretch(at(MON, 13), None, WAITING)]
    assert replay(ledger, terms(4 * HOUR, WAITING)).due_at is None


def test_after_closing_time_a_spent_clock_is_late() -> None:
    reading = final([Stretch(at(MON, 16), at(MON, 18))], terms(HOUR))
    assert reading.due_at == at(MON, 17)
    assert is_late(reading.due_at, at(MON, 18))


def test_solved_time_between_two_stretches_is_not_counted() -> None:
    ledger = [Stretch(at(MON, 9), at(MON, 12)), Stretch(at(TUE, 9), None)]
    assert consumed_s(replay(ledger, terms(8 * HOUR)), terms(8 * HOUR), at(TUE, 10)) == 4 * HOUR


def test_without_terms_only_the_start_is_known() -> None:
    assert replay([Stretch(at(MON, 9), None)], None) == Reading(running_since=at(MON, 9))


def moments(reading: Reading, promised: Terms) -> list[tuple[str, datetime]]:
    return [(entry.kind, entry.at) for entry in entries(reading, promised)]


def test_warning_comes_first_and_breach_in_the_first_second_too_late() -> None:
    promised = Terms(5 * HOUR, OFFICE, (Mark(1, 4 * HOUR, acts=False),))
    reading = replay([Stretch(at(MON, 9), None)], promised)
    assert warn_at(reading, promised) == at(MON, 13)
    assert moments(reading, promised) == [("warn", at(MON, 13)), ("breach", at(MON, 14) + timedelta(seconds=1))]


def test_several_warnings_come_in_their_order_whatever_their_place_in_the_ladder() -> None:
    promised = Terms(4 * HOUR, OFFICE, (Mark(1, 3 * HOUR, acts=False), Mark(2, HOUR, acts=False)))
    reading = replay([Stretch(at(MON, 9), None)], promised)
    assert [(entry.step, entry.at) for entry in entries(reading, promised)[:2]] == [(2, at(MON, 10)), (1, at(MON, 12))]


def test_an_act_at_closing_time_waits_for_the_next_opening() -> None:
    promised = Terms(HOUR, OFFICE, (Mark(1, HOUR),))
    reading = replay([Stretch(at(MON, 16), None)], promised)
    assert moments(reading, promised) == [("breach", at(MON, 17) + timedelta(seconds=1)), ("step", at(TUE, 9))]


def test_an_act_at_any_hour_counts_the_wall_clock_after_the_due_moment() -> None:
    promised = Terms(HOUR, OFFICE, (Mark(1, 3 * HOUR, at_any_hour=True),))
    reading = replay([Stretch(at(MON, 16), None)], promised)
    assert moments(reading, promised)[-1] == ("step", at(MON, 19) + timedelta(seconds=1))


def test_an_act_after_the_due_moment_counts_open_hours() -> None:
    promised = Terms(HOUR, OFFICE, (Mark(1, 2 * HOUR),))
    reading = replay([Stretch(at(MON, 16), None)], promised)
    assert moments(reading, promised)[-1] == ("step", at(TUE, 10) + timedelta(seconds=1))


def test_a_pinned_due_moment_stands_through_pauses() -> None:
    due = at(TUE, 20)
    promised = Terms(35 * HOUR, WALL_CLOCK, (), frozenset(), due, OFFICE)
    assert replay(PAUSED_A_DAY, promised).due_at == due


def test_a_paused_clock_has_nothing_to_come() -> None:
    promised = terms(HOUR, WAITING)
    assert not entries(replay(PAUSED_A_DAY[:2], promised), promised)


def test_explanation_adds_up_to_what_is_consumed() -> None:
    promised = terms(4 * HOUR, WAITING)
    lines = explain(PAUSED_A_DAY, promised, at(TUE, 12))
    assert [(line.kind, line.seconds) for line in lines] == [
        ("counted", HOUR),
        ("paused", 0),
        ("counted", 2 * HOUR),
    ]
    assert consumed_s(replay(PAUSED_A_DAY, promised), promised, at(TUE, 12)) == 3 * HOUR


def test_a_calendar_that_never_opens_is_an_error_and_not_round_the_clock() -> None:
    with pytest.raises(CalendarError):
        replay([Stretch(at(MON, 9), None)], Terms(HOUR, NEVER))


FIRST = datetime(2026, 1, 5, tzinfo=UTC)
categories = st.sampled_from(["new", "open", WAITING, "on_hold"])


@st.composite
def ledgers(draw: st.DrawFn) -> list[Stretch]:
    lengths = draw(st.lists(st.integers(0, 3 * 86400), min_size=1, max_size=6))
    edges = [FIRST + timedelta(seconds=draw(st.integers(0, 86400)))]
    for length in lengths:
        edges.append(edges[-1] + timedelta(seconds=length))
    stretches = [Stretch(a, b, draw(categories)) for a, b in pairwise(edges)]
    return [*stretches[:-1], replace(stretches[-1], ended_at=None, category="open")]


quick = settings(max_examples=60, deadline=None)
targets = st.integers(60, 40 * HOUR)


def counted_until(ledger: list[Stretch], moment: datetime, pauses: frozenset[str]) -> int:
    """Open seconds outside pauses before a moment, summed without any clock."""
    return sum(
        OFFICE.working_seconds(stretch.started_at, min(stretch.ended_at or moment, moment))
        for stretch in ledger
        if stretch.category not in pauses and stretch.started_at < moment
    )


@quick
@given(ledgers(), targets)
def test_due_is_the_moment_when_the_target_is_spent(ledger: list[Stretch], seconds: int) -> None:
    promised = terms(seconds, WAITING)
    due = replay(ledger, promised).due_at
    assert due is not None
    assert counted_until(ledger, due, promised.pauses) == seconds


@quick
@given(ledgers(), targets)
def test_step_by_step_gives_the_reading_of_the_whole_ledger(ledger: list[Stretch], seconds: int) -> None:
    promised = terms(seconds, WAITING)
    reading = Reading()
    for stretch in ledger:
        if stretch.category != WAITING:
            reading = run(reading, promised, stretch.started_at)
            reading = halt(reading, promised, stretch.ended_at) if stretch.ended_at else reading
    assert reading == replay(ledger, promised)


@quick
@given(ledgers(), targets)
def test_pausing_never_makes_due_earlier(ledger: list[Stretch], seconds: int) -> None:
    paused, unpaused = replay(ledger, terms(seconds, WAITING)).due_at, replay(ledger, terms(seconds)).due_at
    assert paused is not None
    assert unpaused is not None
    assert paused >= unpaused


@quick
@given(ledgers(), targets, st.integers(1, 30))
def test_whole_weeks_shift_the_due_moment_alike(ledger: list[Stretch], seconds: int, weeks: int) -> None:
    shift = timedelta(weeks=weeks)
    later = [replace(s, started_at=s.started_at + shift, ended_at=s.ended_at and s.ended_at + shift) for s in ledger]
    before, after = (
        replay(ledger, terms(seconds, WAITING)).due_at,
        replay(later, terms(seconds, WAITING)).due_at,
    )
    assert before is not None
    assert after == before + shift
