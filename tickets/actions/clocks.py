"""The SLA clocks of a ticket: read at once, changed in memory, written at once, whatever happened in between."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import cache, partial
from typing import Any

import structlog

from crmcore.clock import now as present
from tickets.models import Category, Interaction, SlaClock, SlaEvent, SlaPolicyVersion, SlaSegment, SlaTarget, Ticket
from tickets.queries.ledger import Book, books_of, cached_state, entries_to_come
from tickets.queries.promises import Promise, Rulebook, Ruling
from tickets.sla_clock import earlier, is_late, to_second

log = structlog.get_logger(__name__)

Cause, Kind, Metric = SlaSegment.Cause, SlaEvent.Kind, SlaTarget.Metric
_CLOCK_COLUMNS = [field.name for field in SlaClock._meta.concrete_fields if field.name not in ("id", "ticket")]
_AT_ONCE = 1000


class Ledger:
    """The clocks of one locked ticket. What is done to them here is on record once `write` has run.

    It knows those that live and the latest of each metric; `now` is the moment at which it was opened. `rules` reads
    the policies once for all ledgers that were opened together.
    """

    def __init__(self, ticket: Ticket, books: list[Book], now: datetime, rules: Callable[[], Rulebook]) -> None:
        self.ticket, self.books, self.now, self.rules = ticket, books, now, rules
        self.changed: dict[int, Book] = {}
        self.touched: dict[int, SlaSegment] = {}
        self._ruling: Ruling | None = None

    def latest(self, metric: str) -> Book | None:
        return max((b for b in self.books if b.clock.metric == metric), key=lambda b: b.clock.instance, default=None)

    def live(self, *metrics: str) -> list[Book]:
        """Clocks that live, of these metrics or of all."""
        return [b for b in self.books if b.ending is None and (not metrics or b.clock.metric in metrics)]

    def ruling(self) -> Ruling:
        """What rules the ticket as it now stands; a version to which it is pinned stays though a newer one came."""
        if self._ruling is None:
            self._ruling = self.rules().ruling(self.ticket, self._kept())
        return self._ruling

    def _kept(self) -> dict[int, SlaPolicyVersion]:
        """By policy the version to which the ticket is pinned: that of a clock that lives, else the newest."""
        pinned = [(book.ending is None, version) for book in self.books if (version := book.clock.policy_version)]
        return {one.policy_id: one for _lives, one in sorted(pinned, key=lambda pair: (pair[0], pair[1].number))}

    def forget_ruling(self) -> None:
        self._ruling = None

    def promise(self, book: Book, ruling: Ruling) -> Promise | None:
        """What the ruling promises for one clock of this ticket."""
        clock = book.clock
        if clock.own_target_s is not None or clock.pinned_due_at is not None:
            own = clock.own_target_s if clock.own_target_s is not None else clock.target_s or 0
            return Promise(ruling.version, ruling.hours, own) if ruling.hours else None
        promised = ruling.promises.get(clock.metric)
        if promised and clock.metric == Metric.PERIODIC_UPDATE and promised.version and promised.version.keeps_rhythm:
            return self._in_rhythm(clock, promised)
        return promised

    def _in_rhythm(self, clock: SlaClock, promised: Promise) -> Promise:
        """The next beat of the rhythm that began with the first reply; beats that were missed are left out."""
        before = next((b.clock for b in self.books if _precedes(b.clock, clock)), None)
        beat = (before.due_at if before else None) or clock.started_at
        ahead = promised.working.working_seconds(clock.started_at, beat)
        beats = max(1, -ahead // promised.target_s + 1)
        return replace(promised, target_s=ahead + beats * promised.target_s)


def _precedes(one: SlaClock, other: SlaClock) -> bool:
    return one.metric == other.metric and one.instance == other.instance - 1


def ledger_of(ticket: Ticket) -> Ledger:
    """The ledger of a locked ticket, the same one until it is written."""
    known: Ledger | None = ticket.__dict__.get("_ledger")
    return known or open_ledgers([ticket])[0]


def open_ledgers(tickets: Iterable[Ticket]) -> list[Ledger]:
    """The ledgers of locked tickets, read together."""
    tickets = list(tickets)
    books, now = books_of(tickets), present()
    rules = cache(partial(Rulebook, now))
    ledgers = [Ledger(ticket, books[ticket.pk], now, rules) for ticket in tickets]
    for ledger in ledgers:
        ledger.ticket.__dict__["_ledger"] = ledger
    return ledgers


def write_ledgers(tickets: Iterable[Ticket]) -> None:
    """Write what changed on the ledgers of these tickets, in five statements at most."""
    ledgers = [ledger for ticket in tickets if (ledger := ticket.__dict__.get("_ledger")) is not None]
    books = [book for ledger in ledgers for book in ledger.changed.values()]
    _store(SlaClock, [book.clock for book in books], _CLOCK_COLUMNS)
    touched = [segment for ledger in ledgers for segment in ledger.touched.values()]
    _store(SlaSegment, touched, ["started_at", "ended_at"])
    _store(SlaSegment, [s for book in books for s in book.segments if s.pk is None], [])
    _store(SlaEvent, [e for book in books for e in book.events if e.pk is None], [])
    for ledger in ledgers:
        ledger.changed.clear()
        ledger.touched.clear()


def close_ledger(ticket: Ticket) -> None:
    """The next change of the ticket reads its clocks anew."""
    ticket.__dict__.pop("_ledger", None)


def start_clock(
    ledger: Ledger,
    metric: str,
    at: datetime,
    cause: str,
    interaction: Interaction | None = None,
    *,
    own_target_s: int | None = None,
    pinned_due_at: datetime | None = None,
    about: list[str] | None = None,
) -> Book:
    """Begin the next instance of a metric; it is measured whether or not anything is promised."""
    before = ledger.latest(metric)
    clock = SlaClock(
        ticket=ledger.ticket,
        metric=metric,
        instance=before.clock.instance + 1 if before else 1,
        state=SlaClock.State.RUNNING,
        started_at=to_second(at),
        own_target_s=own_target_s,
        pinned_due_at=to_second(pinned_due_at) if pinned_due_at else None,
        about=about or [],
    )
    book = Book(clock)
    ledger.books.append(book)
    _open_segment(book, ledger.ticket.status.category, clock.started_at, cause, interaction)
    retarget_clock(ledger, book, ledger.promise(book, ledger.ruling()))
    return book


def retarget_clock(ledger: Ledger, book: Book, promise: Promise | None, **why: object) -> None:
    """Pin other terms and measure the whole ledger by them; a breach that this uncovers is retroactive.

    `why` is put on record and makes it a change though the terms are the same.
    """
    clock = book.clock
    was, was_late = _pins(clock), clock.state == SlaClock.State.BREACHED
    clock.policy_version = promise.version if promise else None
    clock.calendar_version = promise.calendar if promise else None
    if clock.pinned_due_at is None:
        clock.target_s = promise.target_s if promise else None
    if was == _pins(clock) and not why:
        if clock.pk is None:
            reread(ledger, book)
        return
    clock.period += 1
    due = {"due": clock.pinned_due_at.isoformat()} if clock.pinned_due_at else {}
    _note(ledger, book, Kind.TARGET, clock.period, ledger.now, detail={**_pins(clock), **due, **why})
    reread(ledger, book)
    if clock.period > 1:
        _catch_up(ledger, book, was_late=was_late)


def switch_clock(
    ledger: Ledger, book: Book, category: str, at: datetime, cause: str, interaction: Interaction | None = None
) -> None:
    """Let the clock stand in another status category from now on; its terms say whether that counts."""
    _open_segment(book, category, _end_segment(ledger, book, at), cause, interaction)
    reread(ledger, book)


def backdate_clock(ledger: Ledger, book: Book, start: datetime) -> None:
    """An older unanswered contact came to light: the clock runs since then and is due sooner, never later."""
    first = book.segments[0]
    if earlier(first.started_at, to_second(start)) == first.started_at:
        return
    detail = {"was": first.started_at.isoformat()}
    _note(ledger, book, Kind.BACKDATED, book.count(Kind.BACKDATED) + 1, to_second(start), detail=detail)
    restart_clock(ledger, book, start)


def restart_clock(ledger: Ledger, book: Book, start: datetime) -> None:
    """Let the clock have run since another moment."""
    first = book.segments[0]
    first.started_at = book.clock.started_at = to_second(start)
    _touch(ledger, first)
    reread(ledger, book)


def stop_clock(ledger: Ledger, book: Book, at: datetime, kind: str | None = None, **detail: object) -> None:
    """End a clock, met or missed by its due moment unless `kind` says otherwise."""
    clock = book.clock
    ended_at = _end_segment(ledger, book, at)
    if kind is None:
        late = is_late(clock.due_at, ended_at)
        if late and clock.due_at:
            _note(ledger, book, Kind.BREACH, clock.period, clock.due_at)
        kind = Kind.MISSED if late else Kind.MET
    _note(ledger, book, kind, book.count(kind) + 1, ended_at, detail=detail)
    reread(ledger, book)


def resume_clock(ledger: Ledger, book: Book, category: str, at: datetime, interaction: Interaction | None) -> None:
    """Take a stopped clock up again; the time since it stopped is not counted."""
    started_at = to_second(at)
    _note(ledger, book, Kind.REOPENED, book.count(Kind.REOPENED) + 1, started_at)
    _open_segment(book, category, started_at, Cause.REOPENED, interaction)
    reread(ledger, book)


def note_entry(ledger: Ledger, book: Book, kind: str, step: int, occurred_at: datetime, **detail: object) -> None:
    """Write a warning, a breach or a step of the present period, once however often it is said."""
    _note(ledger, book, kind, book.clock.period, occurred_at, step=step, detail=detail)
    reread(ledger, book)


def reread(ledger: Ledger, book: Book) -> None:
    """Cache what the ledger says."""
    clock = book.clock
    for name, value in asdict(cached_state(book, ledger.now)).items():
        setattr(clock, name, value)
    ledger.changed[id(book)] = book
    if clock.state == SlaClock.State.ERROR:
        log.warning("sla.calendar_unusable", ticket=clock.ticket_id, calendar_version=clock.calendar_version_id)


def _catch_up(ledger: Ledger, book: Book, *, was_late: bool) -> None:
    """What lies behind us under terms that are new: put it on record, and do not act on what only they made late."""
    version = book.clock.policy_version
    waits = was_late or (version is not None and version.acts_when_late)
    done = {event.step for event in book.events if event.kind == Kind.STEP and event.ordinal == book.clock.period - 1}
    for entry in entries_to_come(book) if book.clock.state != SlaClock.State.ERROR else ():
        if entry.occurred_at >= ledger.now or (entry.kind == "step" and waits and entry.step not in done):
            continue
        note_entry(ledger, book, entry.kind, entry.step, entry.occurred_at, retroactive=True)


def _pins(clock: SlaClock) -> dict[str, Any]:
    return {
        "policy_version": clock.policy_version_id,
        "calendar_version": clock.calendar_version_id,
        "target_s": clock.target_s,
    }


def _open_segment(book: Book, category: str, at: datetime, cause: str, interaction: Interaction | None) -> None:
    segment = SlaSegment(
        clock=book.clock, category=Category(category), cause=cause, interaction=interaction, started_at=at
    )
    book.segments.append(segment)


def _end_segment(ledger: Ledger, book: Book, at: datetime) -> datetime:
    """Close the open segment, never before it began, and return its end."""
    segment = book.segments[-1]
    segment.ended_at = max(segment.started_at, to_second(at))
    _touch(ledger, segment)
    return segment.ended_at


def _touch(ledger: Ledger, segment: SlaSegment) -> None:
    if segment.pk is not None:
        ledger.touched[segment.pk] = segment


def _note(
    ledger: Ledger,
    book: Book,
    kind: str,
    ordinal: int,
    at: datetime,
    *,
    step: int = 0,
    detail: dict[str, Any] | None = None,
) -> None:
    if any((e.kind, e.ordinal, e.step) == (kind, ordinal, step) for e in book.events):
        return
    facts = {"kind": kind, "ordinal": ordinal, "step": step, "occurred_at": at, "detail": detail or {}}
    book.events.append(SlaEvent(clock=book.clock, processed_at=ledger.now, **facts))


def _store(model: type[Any], rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Update the rows that are stored already and insert the others, in this order: it keeps the indexes content."""
    known = [row for row in rows if row.pk is not None]
    if known:
        model.objects.bulk_create(
            known, _AT_ONCE, update_conflicts=True, unique_fields=["id"], update_fields=list(columns)
        )
    if fresh := [row for row in rows if row.pk is None]:
        model.objects.bulk_create(fresh, _AT_ONCE)
