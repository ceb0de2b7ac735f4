"""Why a clock is due when it is: the promise, the calendar, and the ledger line by line."""

from dataclasses import dataclass
from datetime import datetime

from tickets.models import Category, SlaClock, SlaSegment, SlaTarget, Ticket
from tickets.queries.clock_faces import ClockFace, face_of_clock
from tickets.queries.promises import terms_of
from tickets.sla_clock import Line, explain

BAR_WIDTH = 448


@dataclass(frozen=True)
class Step:
    """A line of the ledger with the words for what it stood in and what began it."""

    line: Line

    @property
    def standing(self) -> str:
        return str(Category(self.line.category).label)

    @property
    def cause(self) -> str:
        return str(SlaSegment.Cause(self.line.cause).label)


@dataclass(frozen=True)
class Bar:
    """A piece of the picture: run, pause, left or over, in units of the view box."""

    kind: str
    x: int
    width: int


@dataclass(frozen=True)
class ShownClock:
    """A clock with its face and, in `steps` and `bars`, the explanation."""

    clock: SlaClock
    face: ClockFace
    steps: list[Step]
    bars: list[Bar]

    @property
    def may_be_waived(self) -> bool:
        """A reply clock that runs; the customer's words may need no reply."""
        return self.clock.is_live and self.clock.metric != SlaTarget.Metric.RESOLUTION


def shown_clocks(ticket: Ticket, now: datetime) -> list[ShownClock]:
    """The latest clock of each metric that has something to show."""
    rows = (
        ticket.clocks.select_related("policy_version__policy", "calendar_version__calendar")
        .prefetch_related("segments")
        .order_by("pk")
    )
    latest = {clock.metric: clock for clock in rows}
    ordered = (latest[metric] for metric in SlaTarget.Metric.values if metric in latest)
    shown = [(clock, face_of_clock(clock, now)) for clock in ordered]
    return [_explained(clock, face, now) for clock, face in shown if face is not None]


def _explained(clock: SlaClock, face: ClockFace, now: datetime) -> ShownClock:
    terms = terms_of(clock)
    lines = explain(list(clock.segments.all()), terms, now) if terms else []
    return ShownClock(clock, face, [Step(line) for line in lines], _bars(clock, lines, now))


def _bars(clock: SlaClock, lines: list[Line], now: datetime) -> list[Bar]:
    if not lines:
        return []
    start = lines[0].since
    ends = [clock.due_at, clock.stopped_at or now]
    whole = max((end - start).total_seconds() for end in ends if end is not None) or 1

    def bar(kind: str, since: datetime, until: datetime) -> Bar:
        x = BAR_WIDTH * (since - start).total_seconds() / whole
        return Bar(kind, round(x), max(2, round(BAR_WIDTH * (until - since).total_seconds() / whole) - 2))

    bars = [bar("run" if line.kind == "counted" else "pause", line.since, line.until or now) for line in lines]
    if clock.is_live and clock.due_at and clock.due_at > now:
        bars.append(bar("left", now, clock.due_at))
    if clock.due_at and (until := clock.stopped_at or now) > clock.due_at:
        bars.append(bar("over", clock.due_at, until))
    return bars
