"""SLA clock arithmetic: a ledger of segments says what happened, terms say what was promised.

The ledger holds no policy: a segment tells in which status category the clock stood and why it began.
Terms decide which categories count. A reading is what a clock's row caches; replaying the ledger gives it
again. All times are aware and cut to whole seconds; durations are open seconds of the terms' calendar.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Literal, Protocol

from crmcore.working_time import WEEKDAYS, WorkingCalendar, working_calendar

MIN_TALK_S = 10
SECOND = timedelta(seconds=1)
# What is promised for a moment, whatever the hours, is counted in seconds of the wall clock.
WALL_CLOCK = working_calendar("UTC", {day: [["00:00", "24:00"]] for day in WEEKDAYS}, [])


class Segment(Protocol):
    """One stretch of a clock's life; the last one has no end while the clock lives."""

    @property
    def category(self) -> str: ...
    @property
    def cause(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def ended_at(self) -> datetime | None: ...


@dataclass(frozen=True)
class Mark:
    """A step of the ladder, after so many counted seconds: below the target it warns. `acts` is more than to show it.

    An act waits for open hours unless `at_any_hour`; then seconds after the due moment are those of the wall clock.
    """

    step: int
    seconds: int
    acts: bool = True
    at_any_hour: bool = False


@dataclass(frozen=True)
class Terms:
    """What is asked of one clock. A pinned `due_at` stands through every pause; `hours` are those in which we act."""

    target_s: int
    calendar: WorkingCalendar
    marks: tuple[Mark, ...] = ()
    pauses: frozenset[str] = frozenset()
    due_at: datetime | None = None
    hours: WorkingCalendar | None = None


@dataclass(frozen=True)
class Reading:
    """Seconds counted in finished segments, since when it counts again, when that runs out, and each mark's moment."""

    consumed_s: int = 0
    running_since: datetime | None = None
    due_at: datetime | None = None
    marks: tuple[datetime | None, ...] = ()


@dataclass(frozen=True)
class Entry:
    """What the scheduler writes on a ledger at a moment: a warning, the breach, or that a step was taken."""

    at: datetime
    kind: Literal["warn", "breach", "step"]
    step: int
    occurred_at: datetime


def to_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def run(reading: Reading, terms: Terms | None, at: datetime) -> Reading:
    """Start to count at a moment. Raises CalendarError when the calendar never opens again."""
    if terms is None:
        return replace(reading, running_since=at)

    def reached(known: datetime | None, seconds: int) -> datetime:
        if terms.due_at is not None:
            return terms.due_at + (seconds - terms.target_s) * SECOND
        return known or terms.calendar.due(at, seconds - reading.consumed_s)

    known = reading.marks or (None,) * len(terms.marks)
    return replace(
        reading,
        running_since=at,
        due_at=reached(reading.due_at, terms.target_s),
        marks=tuple(reached(moment, mark.seconds) for moment, mark in zip(known, terms.marks, strict=True)),
    )


def halt(reading: Reading, terms: Terms | None, at: datetime) -> Reading:
    """Stop to count at a moment. Limits that were passed stay; those ahead are open until it runs again."""
    since = reading.running_since
    if terms is None or since is None:
        return replace(reading, running_since=None)
    return Reading(
        consumed_s=reading.consumed_s + terms.calendar.working_seconds(since, at),
        due_at=_passed(reading.due_at, at),
        marks=tuple(_passed(moment, at) for moment in reading.marks),
    )


def replay(segments: Iterable[Segment], terms: Terms | None) -> Reading:
    """The reading that a whole ledger gives under these terms, whatever was promised when it was written."""
    return reduce(lambda reading, segment: _through(reading, segment, terms), segments, Reading())


def final(segments: Sequence[Segment], terms: Terms | None) -> Reading:
    """The reading of a stopped clock: its time is summed up, its limits stay as they stood at its end."""
    *before, last = segments
    standing = replay(before, terms)
    if counts(last.category, terms):
        standing = run(standing, terms, last.started_at)
    ended = halt(standing, terms, last.ended_at or last.started_at)
    return replace(ended, due_at=standing.due_at, marks=standing.marks)


def _through(reading: Reading, segment: Segment, terms: Terms | None) -> Reading:
    if not counts(segment.category, terms):
        return reading
    running = run(reading, terms, segment.started_at)
    return running if segment.ended_at is None else halt(running, terms, segment.ended_at)


def counts(category: str, terms: Terms | None) -> bool:
    return terms is None or category not in terms.pauses


def is_late(limit: datetime | None, at: datetime) -> bool:
    """A limit is kept in its own second and passed after it."""
    return limit is not None and to_second(at) > limit


def _passed(limit: datetime | None, at: datetime) -> datetime | None:
    return limit if is_late(limit, at) else None


def consumed_s(reading: Reading, terms: Terms, now: datetime) -> int:
    """Seconds counted until now, the running stretch included."""
    return halt(reading, terms, now).consumed_s


def warn_at(reading: Reading, terms: Terms | None) -> datetime | None:
    """When the first warning comes, or came."""
    if terms is None:
        return None
    pairs = zip(reading.marks, terms.marks, strict=False)
    return min((moment for moment, mark in pairs if moment and mark.seconds < terms.target_s), default=None)


def entries(reading: Reading, terms: Terms | None) -> list[Entry]:
    """What is to be written while a clock runs on, in order: the breach in the first second too late."""
    if terms is None or reading.running_since is None or reading.due_at is None:
        return []
    breach = Entry(reading.due_at + SECOND, "breach", 0, reading.due_at)
    return sorted([breach, *_marked(reading, terms, reading.due_at)], key=lambda entry: entry.at)


def _marked(reading: Reading, terms: Terms, due_at: datetime) -> Iterator[Entry]:
    for mark, counted in zip(terms.marks, reading.marks, strict=True):
        if counted is None:
            continue
        warns = mark.seconds < terms.target_s
        if warns:
            yield Entry(counted, "warn", mark.step, counted)
        if mark.acts:
            on_the_wall = due_at + (mark.seconds - terms.target_s) * SECOND
            moment = on_the_wall if mark.at_any_hour and not warns else counted
            moment = moment if warns else moment + SECOND
            at = moment if mark.at_any_hour else (terms.hours or terms.calendar).next_opening(moment)
            yield Entry(at, "step", mark.step, moment)


def earlier(start: datetime, other: datetime | None) -> datetime:
    """Where a clock starts when an older unanswered contact joins: sooner or unchanged, never later."""
    return start if other is None else min(start, other)


@dataclass(frozen=True)
class Line:
    """One line of the answer to "why this due": a stretch with what it added to the sum."""

    kind: Literal["counted", "paused"]
    since: datetime
    until: datetime | None
    seconds: int
    category: str
    cause: str


def explain(segments: Sequence[Segment], terms: Terms, now: datetime) -> list[Line]:
    """The ledger line by line; the seconds of counted lines add up to what is consumed now."""
    return [_line(segment, terms, now) for segment in segments]


def _line(segment: Segment, terms: Terms, now: datetime) -> Line:
    counted = counts(segment.category, terms)
    seconds = terms.calendar.working_seconds(segment.started_at, segment.ended_at or now) if counted else 0
    return Line(
        "counted" if counted else "paused",
        segment.started_at,
        segment.ended_at,
        seconds,
        segment.category,
        segment.cause,
    )
