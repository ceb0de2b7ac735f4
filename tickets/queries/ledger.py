"""Reading a clock back from its ledger: what its row must cache."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from crmcore.working_time import CalendarError
from tickets.models import SlaClock, SlaEvent, SlaSegment
from tickets.queries.promises import terms_of
from tickets.sla_clock import Reading, final, is_late, next_event_at, replay

State = SlaClock.State
ENDINGS = {
    SlaEvent.Kind.MET: State.MET,
    SlaEvent.Kind.MISSED: State.MISSED,
    SlaEvent.Kind.UNANSWERED: State.UNANSWERED,
    SlaEvent.Kind.CANCELLED: State.CANCELLED,
}


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


def cached_state(clock: SlaClock, now: datetime) -> Cached:
    """What the row of a clock should say now, from its segments and events alone."""
    segments = list(clock.segments.all())
    events = sorted(clock.events.all(), key=lambda event: event.pk)
    ending = next((e for e in reversed(events) if e.kind in ENDINGS or e.kind == SlaEvent.Kind.REOPENED), None)
    try:
        if ending is not None and ending.kind in ENDINGS:
            return _stopped(clock, segments, ending)
        return _live(clock, segments, events, now)
    except CalendarError:
        return _cached(State.ERROR, Reading())


def _stopped(clock: SlaClock, segments: Sequence[SlaSegment], ending: SlaEvent) -> Cached:
    state = ENDINGS[SlaEvent.Kind(ending.kind)]
    return _cached(state, final(segments, terms_of(clock)), stopped_at=ending.occurred_at)


def _live(clock: SlaClock, segments: Sequence[SlaSegment], events: Sequence[SlaEvent], now: datetime) -> Cached:
    reading = replay(segments, terms_of(clock))
    told = {event.kind for event in events if event.ordinal == clock.period}
    upcoming = next_event_at(reading, warned=SlaEvent.Kind.WARN in told, breached=SlaEvent.Kind.BREACH in told)
    if reading.running_since is None:
        return _cached(State.PAUSED, reading)
    state = State.BREACHED if is_late(reading.due_at, now) else State.RUNNING
    return _cached(state, reading, upcoming=upcoming)


def _cached(
    state: str, reading: Reading, *, upcoming: datetime | None = None, stopped_at: datetime | None = None
) -> Cached:
    return Cached(
        state=state,
        consumed_s=reading.consumed_s,
        running_since=reading.running_since,
        warn_at=reading.warn_at,
        due_at=reading.due_at,
        next_event_at=upcoming,
        stopped_at=stopped_at,
    )
