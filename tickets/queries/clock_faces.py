"""How clocks look: state for colour and icon, time left, over or used, and how much of the target is left."""

from dataclasses import dataclass
from datetime import datetime

from tickets.models import SlaClock, Ticket
from tickets.queries.promises import terms_of
from tickets.sla_clock import Reading, consumed_s

_LOOKS = {"ok": "ok", "soon": "soon", "breached": "breach", "paused": "paused"}
State = SlaClock.State


@dataclass(frozen=True)
class ClockFace:
    """State is ok, soon, breach, met or paused; seconds are of wall time, `part` is per cent of the target left."""

    state: str
    seconds: float = 0
    part: int = 0
    due: datetime | None = None


def face_of(ticket: Ticket, now: datetime) -> ClockFace | None:
    """A ticket's first due clock in a row of a list, None where no clock runs; past its due moment it reads as over."""
    state = _LOOKS.get(ticket.sla_state)
    if state is None:
        return None
    if state == "paused" or ticket.sla_due_at is None:
        return ClockFace("paused")
    left = (ticket.sla_due_at - now).total_seconds()
    if left <= 0:
        return ClockFace("breach", -left, 0, ticket.sla_due_at)
    whole = (ticket.sla_due_at - (ticket.last_reply_at or ticket.opened_at)).total_seconds()
    return ClockFace(state, left, round(100 * min(1, left / whole)) if whole > 0 else 100, ticket.sla_due_at)


def face_of_clock(clock: SlaClock, now: datetime) -> ClockFace | None:
    """One clock in the head of its ticket; None for one that promises nothing or was ended without a verdict."""
    if not clock.is_promised:
        return None
    if clock.state == State.MET:
        return ClockFace("met", clock.consumed_s, 100)
    if clock.state == State.MISSED and clock.stopped_at and clock.due_at:
        return ClockFace("breach", (clock.stopped_at - clock.due_at).total_seconds(), 100)
    if clock.state == State.PAUSED:
        return ClockFace("paused", 0, _left(clock, now))
    if clock.due_at is None or clock.state not in (State.RUNNING, State.BREACHED):
        return None
    left = (clock.due_at - now).total_seconds()
    if left < 0:
        return ClockFace("breach", -left, 100, clock.due_at)
    state = "soon" if clock.warn_at and now >= clock.warn_at else "ok"
    return ClockFace(state, left, _left(clock, now), clock.due_at)


def _left(clock: SlaClock, now: datetime) -> int:
    terms = terms_of(clock)
    if terms is None:
        return 100
    used = consumed_s(Reading(clock.consumed_s, clock.running_since), terms, now)
    return max(0, 100 - 100 * used // terms.target_s)
