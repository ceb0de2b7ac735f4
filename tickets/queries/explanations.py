"""Why a clock is due when it is: the promise, the calendar, and the ledger line by line."""

from dataclasses import dataclass
from datetime import datetime

from crmcore.working_time import CalendarError
from tickets.models import Category, SlaClock, SlaEvent, SlaSegment, SlaTarget, Ticket
from tickets.queries.clock_faces import ClockFace, face_of_clock
from tickets.queries.ledger import Book, books_of, entries_to_come
from tickets.queries.promises import terms_of
from tickets.sla_clock import Line, Reading, consumed_s, explain
from tickets.sla_ladder import Act, usual_steps
from tickets.sla_ladder import Step as Rung

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
    """A clock with its face and, in `steps` and `bars`, the explanation; `coming` is what its ladder does next.

    `left_s` are the open seconds that are left, `pinned` the event by which somebody set the due moment.
    """

    clock: SlaClock
    face: ClockFace
    steps: list[Step]
    bars: list[Bar]
    coming: list[tuple[datetime, str]]
    left_s: int = 0
    pinned: SlaEvent | None = None

    @property
    def may_be_waived(self) -> bool:
        """A reply clock that runs; the customer's words may need no reply."""
        return self.clock.is_live and self.clock.metric in (SlaTarget.Metric.FIRST_REPLY, SlaTarget.Metric.NEXT_REPLY)

    @property
    def may_be_pinned(self) -> bool:
        """What was promised for a moment has one already."""
        return self.clock.is_live and self.clock.metric != SlaTarget.Metric.PROMISE

    @property
    def standing(self) -> str:
        """Why a paused clock stands still."""
        return self.steps[-1].standing if self.face.state == "paused" and self.steps else ""


def shown_clocks(ticket: Ticket, now: datetime) -> list[ShownClock]:
    """The clocks that promise something: those that run, the first due first, then the paused, then the latest ends."""
    books = books_of([ticket])[ticket.pk]
    faces = [(book, face) for book in books if (face := face_of_clock(book.clock, now)) is not None]
    return [_explained(book, face, now) for book, face in sorted(faces, key=lambda pair: _urgency(*pair))]


def _urgency(book: Book, face: ClockFace) -> tuple[int, datetime, int]:
    clock = book.clock
    rank = 2 if book.ending is not None else 1 if face.state == "paused" else 0
    moment = clock.due_at if rank == 0 and clock.due_at else clock.started_at
    return rank, moment, list(SlaTarget.Metric).index(SlaTarget.Metric(clock.metric))


def _explained(book: Book, face: ClockFace, now: datetime) -> ShownClock:
    clock, terms = book.clock, terms_of(book.clock)
    lines = explain(book.segments, terms, now) if terms else []
    used = consumed_s(Reading(clock.consumed_s, clock.running_since), terms, now) if terms else 0
    set_last = next((event for event in reversed(book.events) if event.kind == SlaEvent.Kind.TARGET), None)
    return ShownClock(
        clock,
        face,
        [Step(line) for line in lines],
        _bars(clock, lines, now),
        _coming(book),
        max(0, terms.target_s - used) if terms else 0,
        set_last if set_last is not None and "reason" in set_last.detail else None,
    )


def _coming(book: Book) -> list[tuple[datetime, str]]:
    """When the ladder acts next, and what it does then."""
    version = book.clock.policy_version
    ladder = version.steps if version else usual_steps()
    try:
        steps = [entry for entry in entries_to_come(book) if entry.kind == "step"]
    except CalendarError:
        return []
    return [(entry.at, str(Act(Rung.read(ladder[entry.step - 1]).act).label)) for entry in steps]


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
