"""Imaginary people who are called: it rings at theirs, they answer or do not, talk for a while and hang up."""

from datetime import datetime, timedelta
from typing import Any

from crmcore import clock
from telephony.actions.fold import fold
from telephony.models import Call
from telephony.providers.base import CallerHungUp, LegJoined, Signal
from telephony.providers.dialling import DialFailed, Ringing
from telephony.providers.simulated.callers import Manners, manners_of
from telephony.providers.simulated.provider import SimulatedProvider
from telephony.states import IN_CONVERSATION, CallState


def let_people_act() -> int:
    """Let everybody whom the simulated carrier has called do what is due; how many did something."""
    now = clock.now()
    called = Call.objects.filter(provider=SimulatedProvider.code, direction=Call.Direction.OUT)
    live = called.exclude(state=CallState.ENDED).filter(commands__step="dial", commands__done_at__isnull=False)
    signals = [signal for call in live if (signal := _next_act(call, now)) is not None]
    for signal in signals:
        fold(signal)
    return len(signals)


def _next_act(call: Call, now: datetime) -> Signal | None:
    manners = manners_of(call.to_e164)
    if call.state in IN_CONVERSATION and call.answered_at is not None:
        has_enough = now >= call.answered_at + timedelta(seconds=manners.talk_s)
        return CallerHungUp(**_names(call, "left")) if has_enough else None
    if call.state == CallState.DIALING:
        return Ringing(**_names(call, "ringing"))
    if call.state == CallState.RINGING and now >= call.state_since + timedelta(seconds=manners.rings_s):
        return _ending(call, manners)
    return None


def _ending(call: Call, manners: Manners) -> Signal:
    if manners.ending == "answered":
        return LegJoined(**_names(call, "answered"))
    return DialFailed(**_names(call, manners.ending), reason=manners.ending)


def _names(call: Call, what: str) -> dict[str, Any]:
    return {
        "provider": call.provider,
        "provider_call_id": call.provider_call_id,
        "token": f"{call.public_id}:{what}",
        "occurred_at": clock.now(),
    }
