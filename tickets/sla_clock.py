"""SLA clock arithmetic: a ledger of segments says what happened, terms say what was promised.

The ledger holds no policy: a segment tells in which status category the clock stood and why it began.
Terms decide which categories count. A reading is what a clock's row caches; replaying the ledger gives it
again. All times are aware and cut to whole seconds; durations are open seconds of the terms' calendar.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import reduce
from typing import Literal, Protocol

from crmcore.working_time import WorkingCalendar

MIN_TALK_S = 10
# Other metrics run through every status and are paused by none.
FOLLOWS_STATUS = frozenset({"resolution"})
SECOND = timedelta(seconds=1)


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
class Terms:
    """What a policy asks of one clock."""

    target_s: int
    calendar: WorkingCalendar
    warn_percent: int = 80
    pauses: frozenset[str] = frozenset()

    @property
    def warn_s(self) -> int:
        return self.target_s * self.warn_percent // 100


@dataclass(frozen=True)
class Reading:
    """Seconds counted in finished segments, since when it counts again, and when that runs out."""

    consumed_s: int = 0
    running_since: datetime | None = None
    warn_at: datetime | None = None
    due_at: datetime | None = None


def to_second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def run(reading: Reading, terms: Terms | None, at: datetime) -> Reading:
    """Start to count at a moment. Raises CalendarError when the calendar never opens again."""
    if terms is None:
        return replace(reading, running_since=at)

    def reached(known: datetime | None, seconds: int) -> datetime:
        return known or terms.calendar.due(at, seconds - reading.consumed_s)

    return replace(
        reading,
        running_since=at,
        warn_at=reached(reading.warn_at, terms.warn_s),
        due_at=reached(reading.due_at, terms.target_s),
    )


def halt(reading: Reading, terms: Terms | None, at: datetime) -> Reading:
    """Stop to count at a moment. Limits that were passed stay; those ahead are open until it runs again."""
    since = reading.running_since
    if terms is None or since is None:
        return replace(reading, running_since=None)
    return Reading(
        consumed_s=reading.consumed_s + terms.calendar.working_seconds(since, at),
        warn_at=reading.warn_at if is_late(reading.warn_at, at) else None,
        due_at=reading.due_at if is_late(reading.due_at, at) else None,
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
    return replace(ended, warn_at=standing.warn_at, due_at=standing.due_at)


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


def consumed_s(reading: Reading, terms: Terms, now: datetime) -> int:
    """Seconds counted until now, the running stretch included."""
    return halt(reading, terms, now).consumed_s


def next_event_at(reading: Reading, *, warned: bool, breached: bool) -> datetime | None:
    """When the scheduler must look at a clock again: at its warning, then in the first second too late."""
    if reading.running_since is None or reading.due_at is None or breached:
        return None
    breach_at = reading.due_at + SECOND
    return breach_at if warned or reading.warn_at is None else min(reading.warn_at, breach_at)


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
