"""What a ticket owed at a moment of the past: the ledger as it stood then, under the terms that were pinned then."""

import copy
from dataclasses import dataclass
from datetime import datetime

from crmcore.models import CalendarVersion
from tickets.models import SlaClock, SlaEvent, SlaPolicyVersion, SlaSegment, Ticket
from tickets.queries.ledger import Book, Cached, cached_state, with_ledger


@dataclass(frozen=True)
class Owed:
    """A clock as it stood: `state` is what its row said then."""

    clock: SlaClock
    state: Cached

    @property
    def label(self) -> str:
        return str(SlaClock.State(self.state.state).label)


def owed_at(ticket: Ticket, at: datetime) -> list[Owed]:
    """Every clock that had begun by then, those that were promised something, the first due first."""
    began = ticket.clocks.filter(started_at__lte=at)
    found = [_as_of(Book.of(clock), at) for clock in with_ledger(began).order_by("pk")]
    shown = [one for one in found if one.clock.is_promised]
    return sorted(shown, key=lambda one: (one.state.stopped_at is not None, one.state.due_at or at, one.clock.pk))


def _as_of(book: Book, at: datetime) -> Owed:
    then = Book(
        _pinned_as_of(book, at),
        [_cut(segment, at) for segment in book.segments if segment.started_at <= at],
        [event for event in book.events if event.occurred_at <= at],
    )
    return Owed(then.clock, cached_state(then, at))


def _cut(segment: SlaSegment, at: datetime) -> SlaSegment:
    """A stretch that ended later had no end yet."""
    if segment.ended_at is None or segment.ended_at <= at:
        return segment
    open_ended = copy.copy(segment)
    open_ended.ended_at = None
    return open_ended


def _pinned_as_of(book: Book, at: datetime) -> SlaClock:
    """The clock with the terms of that moment: those of the last target set by then, else nothing."""
    clock = copy.copy(book.clock)
    set_by_then = [event for event in book.events if event.kind == SlaEvent.Kind.TARGET and event.occurred_at <= at]
    pins = set_by_then[-1].detail if set_by_then else {}
    clock.period = set_by_then[-1].ordinal if set_by_then else 0
    clock.target_s = pins.get("target_s")
    clock.pinned_due_at = datetime.fromisoformat(pins["due"]) if "due" in pins else None
    if clock.policy_version_id != pins.get("policy_version"):
        clock.policy_version = SlaPolicyVersion.objects.filter(pk=pins.get("policy_version") or 0).first()
    if clock.calendar_version_id != pins.get("calendar_version"):
        clock.calendar_version = CalendarVersion.objects.filter(pk=pins.get("calendar_version") or 0).first()
    return clock
