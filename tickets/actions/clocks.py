"""One SLA clock at a time: write its ledger, then cache what the ledger says."""

from dataclasses import asdict
from datetime import datetime

import structlog

from crmcore.clock import now as present
from tickets.models import Category, Interaction, SlaClock, SlaEvent, SlaSegment, Ticket
from tickets.queries.ledger import cached_state
from tickets.queries.promises import Promise
from tickets.sla_clock import earlier, is_late, to_second

log = structlog.get_logger(__name__)

Cause, Kind = SlaSegment.Cause, SlaEvent.Kind


def start_clock(
    ticket: Ticket,
    metric: str,
    at: datetime,
    cause: str,
    promise: Promise | None,
    interaction: Interaction | None = None,
) -> SlaClock:
    """Begin the next instance of a metric; it is measured whether or not anything is promised."""
    started_at = to_second(at)
    clock = SlaClock.objects.create(
        ticket=ticket,
        metric=metric,
        instance=SlaClock.objects.filter(ticket=ticket, metric=metric).count() + 1,
        state=SlaClock.State.RUNNING,
        started_at=started_at,
    )
    _open_segment(clock, ticket.status.category, started_at, cause, interaction)
    retarget_clock(clock, promise)
    return clock


def retarget_clock(clock: SlaClock, promise: Promise | None) -> None:
    """Pin other terms and measure the whole ledger by them; a breach that this uncovers is retroactive."""
    version = promise.version if promise else None
    calendar = promise.calendar if promise else None
    target_s = promise.target_s if promise else None
    was = (clock.policy_version_id, clock.calendar_version_id, clock.target_s)
    clock.policy_version, clock.calendar_version, clock.target_s = version, calendar, target_s
    changed = was != (clock.policy_version_id, clock.calendar_version_id, clock.target_s)
    if changed:
        clock.period += 1
        terms = {"policy_version": clock.policy_version_id, "calendar_version": clock.calendar_version_id}
        _note(clock, Kind.TARGET, clock.period, present(), target_s=target_s, **terms)
    reread(clock)
    if changed and clock.period > 1 and clock.due_at and clock.state == SlaClock.State.BREACHED:
        _note(clock, Kind.BREACH, clock.period, clock.due_at, retroactive=True)
        reread(clock)


def switch_clock(
    clock: SlaClock, category: str, at: datetime, cause: str, interaction: Interaction | None = None
) -> None:
    """Let the clock stand in another status category from now on; its terms say whether that counts."""
    _open_segment(clock, category, _end_segment(clock, at), cause, interaction)
    reread(clock)


def backdate_clock(clock: SlaClock, start: datetime) -> None:
    """An older unanswered contact came to light: the clock runs since then and is due sooner, never later."""
    if earlier(clock.started_at, to_second(start)) != clock.started_at:
        restart_clock(clock, start)


def restart_clock(clock: SlaClock, start: datetime) -> None:
    """Let the clock have run since another moment."""
    clock.started_at = to_second(start)
    clock.segments.filter(pk=clock.segments.order_by("started_at", "pk")[:1].values("pk")).update(
        started_at=clock.started_at
    )
    reread(clock)


def stop_clock(clock: SlaClock, at: datetime, kind: str | None = None, **detail: object) -> None:
    """End a clock, met or missed by its due moment unless `kind` says otherwise."""
    ended_at = _end_segment(clock, at)
    if kind is None:
        late = is_late(clock.due_at, ended_at)
        if late and clock.due_at:
            _note(clock, Kind.BREACH, clock.period, clock.due_at)
        kind = Kind.MISSED if late else Kind.MET
    _note(clock, kind, _count(clock, kind) + 1, ended_at, **detail)
    reread(clock)


def resume_clock(clock: SlaClock, category: str, at: datetime, interaction: Interaction | None) -> None:
    """Take a stopped clock up again; the time since it stopped is not counted."""
    started_at = to_second(at)
    _note(clock, Kind.REOPENED, _count(clock, Kind.REOPENED) + 1, started_at)
    _open_segment(clock, category, started_at, Cause.REOPENED, interaction)
    reread(clock)


def alert(clock: SlaClock, now: datetime) -> None:
    """Write the warning or breach whose moment has come, each once per period however often this runs."""
    while clock.next_event_at is not None and clock.next_event_at <= now:
        if clock.next_event_at == clock.warn_at:
            _note(clock, Kind.WARN, clock.period, clock.warn_at)
        elif clock.due_at is not None:
            _note(clock, Kind.BREACH, clock.period, clock.due_at)
        reread(clock)


def reread(clock: SlaClock) -> None:
    """Cache what the ledger says."""
    for name, value in asdict(cached_state(clock, present())).items():
        setattr(clock, name, value)
    clock.save()
    if clock.state == SlaClock.State.ERROR:
        log.warning("sla.calendar_unusable", clock=clock.pk, calendar_version=clock.calendar_version_id)


def _open_segment(clock: SlaClock, category: str, at: datetime, cause: str, interaction: Interaction | None) -> None:
    clock.segments.create(category=Category(category), cause=cause, interaction=interaction, started_at=at)


def _end_segment(clock: SlaClock, at: datetime) -> datetime:
    """Close the open segment, never before it began, and return its end."""
    segment = clock.segments.get(ended_at=None)
    segment.ended_at = max(segment.started_at, to_second(at))
    segment.save(update_fields=["ended_at"])
    return segment.ended_at


def _note(clock: SlaClock, kind: str, ordinal: int, at: datetime, **detail: object) -> None:
    SlaEvent.objects.bulk_create(
        [SlaEvent(clock=clock, kind=kind, ordinal=ordinal, occurred_at=at, processed_at=present(), detail=detail)],
        ignore_conflicts=True,
    )


def _count(clock: SlaClock, kind: str) -> int:
    return clock.events.filter(kind=kind).count()
