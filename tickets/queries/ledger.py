"""Reading a clock back from its ledger: what its row must cache."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from django.db.models import Prefetch, Q, QuerySet

from crmcore.working_time import CalendarError
from tickets.models import SlaClock, SlaEvent, SlaSegment, Ticket
from tickets.queries.promises import terms_of
from tickets.sla_clock import Entry, Reading, Terms, entries, final, is_late, replay, warn_at

State = SlaClock.State
ENDINGS = {
    SlaEvent.Kind.MET: State.MET,
    SlaEvent.Kind.MISSED: State.MISSED,
    SlaEvent.Kind.UNANSWERED: State.UNANSWERED,
    SlaEvent.Kind.CANCELLED: State.CANCELLED,
}


@dataclass
class Book:
    """A clock with its ledger: segments by their start, events in the order in which they were written."""

    clock: SlaClock
    segments: list[SlaSegment] = field(default_factory=list)
    events: list[SlaEvent] = field(default_factory=list)

    @classmethod
    def of(cls, clock: SlaClock) -> "Book":
        events = sorted(clock.events.all(), key=lambda event: event.pk)
        return cls(clock, list(clock.segments.all()), events)

    @property
    def ending(self) -> SlaEvent | None:
        """What ended the clock, None while it lives."""
        last = next((e for e in reversed(self.events) if e.kind in ENDINGS or e.kind == SlaEvent.Kind.REOPENED), None)
        return last if last is not None and last.kind in ENDINGS else None

    def count(self, kind: str) -> int:
        return sum(1 for event in self.events if event.kind == kind)


@dataclass(frozen=True)
class Cached:
    """The columns of a clock that its ledger determines."""

    state: str
    consumed_s: int
    running_since: datetime | None
    warn_at: datetime | None
    due_at: datetime | None
    next_event_at: datetime | None
    stopped_at: datetime | None

    def differences(self, clock: SlaClock) -> dict[str, tuple[object, object]]:
        """Column → (in the row, from the ledger), where the two disagree."""
        pairs = {name: (getattr(clock, name), value) for name, value in asdict(self).items()}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def books_of(tickets: Iterable[Ticket]) -> dict[int, list[Book]]:
    """By ticket: the clocks that live and the latest of each metric, with their ledgers, in three statements."""
    keys = [ticket.pk for ticket in tickets]
    of_them = SlaClock.objects.filter(ticket__in=keys)
    latest = of_them.order_by("ticket", "metric", "-instance").distinct("ticket", "metric").values("pk")
    rows = of_them.filter(Q(state__in=SlaClock.LIVE) | Q(pk__in=latest))
    books: dict[int, list[Book]] = {key: [] for key in keys}
    for clock in with_ledger(rows).order_by("pk"):
        books[clock.ticket_id].append(Book.of(clock))
    return books


def with_ledger(clocks: QuerySet[SlaClock]) -> QuerySet[SlaClock]:
    """The clocks with all that `Book.of` and `terms_of` read."""
    segments = Prefetch("segments", SlaSegment.objects.order_by("started_at", "pk"))
    pinned = clocks.select_related("policy_version__policy", "calendar_version__calendar")
    return pinned.prefetch_related(segments, "events")


def cached_state(book: Book, now: datetime) -> Cached:
    """What the row of a clock should say now, from its segments and events alone."""
    ending = book.ending
    try:
        terms = terms_of(book.clock)
        if ending is not None:
            return _stopped(terms, book.segments, ending)
        return _live(book, terms, now)
    except CalendarError:
        return Cached(State.ERROR, 0, None, None, None, None, None)


def entries_to_come(book: Book) -> list[Entry]:
    """What the scheduler has still to write on a live clock under its present terms. Raises CalendarError."""
    terms = terms_of(book.clock)
    return _untold(book, replay(book.segments, terms), terms) if book.ending is None else []


def _untold(book: Book, reading: Reading, terms: Terms | None) -> list[Entry]:
    told = {(str(event.kind), event.step) for event in book.events if event.ordinal == book.clock.period}
    return [entry for entry in entries(reading, terms) if (entry.kind, entry.step) not in told]


def _stopped(terms: Terms | None, segments: Sequence[SlaSegment], ending: SlaEvent) -> Cached:
    reading = final(segments, terms)
    state = ENDINGS[SlaEvent.Kind(ending.kind)]
    return _cached(state, reading, terms, stopped_at=ending.occurred_at)


def _live(book: Book, terms: Terms | None, now: datetime) -> Cached:
    reading = replay(book.segments, terms)
    if reading.running_since is None:
        return _cached(State.PAUSED, reading, terms)
    upcoming = next((entry.at for entry in _untold(book, reading, terms)), None)
    state = State.BREACHED if is_late(reading.due_at, now) else State.RUNNING
    return _cached(state, reading, terms, upcoming=upcoming)


def _cached(
    state: str,
    reading: Reading,
    terms: Terms | None,
    *,
    upcoming: datetime | None = None,
    stopped_at: datetime | None = None,
) -> Cached:
    return Cached(
        state=state,
        consumed_s=reading.consumed_s,
        running_since=reading.running_since,
        warn_at=warn_at(reading, terms),
        due_at=reading.due_at,
        next_event_at=upcoming,
        stopped_at=stopped_at,
    )
