"""A leg's end, whoever ends it."""

from datetime import datetime

from telephony.models import CallLeg
from telephony.states import LegState


def depart(leg: CallLeg, *, now: datetime) -> None:
    """The leg has left; the caller saves it. `now` may be older than a join that was written while we waited for it."""
    leg.state, leg.left_at = LegState.LEFT, max(now, leg.joined_at or now)
    leg.lost_at, leg.ticket_nonce, leg.is_held = None, "", False
