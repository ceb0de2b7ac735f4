"""Outside numbers in a conversation: asked in private, brought in, or left with the customer when they answer."""

from datetime import datetime, timedelta

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import require
from telephony.actions.commands import order, ref_of
from telephony.actions.consults import dismiss, turn_aside
from telephony.actions.endings import end_call
from telephony.actions.forwarding import back_in_line
from telephony.actions.in_hand import lock_in_hand
from telephony.actions.joins import open_agent_leg
from telephony.actions.parties import arrange, end_outside, side_legs
from telephony.actions.takeover import go_on_without
from telephony.actions.transitions import LONGEST_CALL, move_call
from telephony.models import Call, CallLeg, DirectoryEntry
from telephony.providers.base import LegJoined, LegLeft, LegLost, Signal
from telephony.providers.outside import DialParty, PartyDialled, PartyFailed
from telephony.queries.outside import outside_call
from telephony.states import CallState, EndReason, LegKind, LegState, OutsideEnd, Party

RINGS_FOR_S = 40
# Until then the carrier has been asked as well (`reconcile`), so nothing more will be heard.
LONGEST_RING = timedelta(seconds=120)


@transaction.atomic
def ask_outside(call_id: int, raw_number: str, *, by: User, passes_on: bool = False) -> Call:
    """Call an outside number while everybody else hears music. Asked twice, it is called once.

    `passes_on`: the call is left to it as soon as it answers. Does nobody answer, the agent has the customer back.
    Raises DialRefused, PermissionDenied, and MovedOn outside of a conversation or when it is full.
    """
    call, leg = lock_in_hand(call_id, by)
    require(by, "call", "assign")
    route = outside_call(call, raw_number)
    if any(aside.number == route.number for aside in side_legs(call)):
        return call
    now = clock.now()
    turn_aside(call, leg, now=now)
    known = DirectoryEntry.objects.filter(number=route.number, is_active=True).first()
    party = CallLeg.objects.create(
        call=call,
        kind=LegKind.EXTERNAL,
        number=route.number,
        name=known.name if known else "",
        passes_on=passes_on,
        invited_at=now,
        last_seen_at=now,
    )
    move_call(call, CallState.CONSULTING, now=now, deadline=now + LONGEST_CALL)
    arrange(call, now=now)
    order(call, DialParty(ref_of(call), party.pk, route.number, route.caller_id, RINGS_FOR_S, leg.external_id), now=now)
    audit.record("call.outside_dialled", call, by=by, detail={"number": route.number, "passes_on": passes_on})
    return call


def follow_party(call: Call, leg: CallLeg, signal: Signal, *, now: datetime) -> None:
    """What the carrier tells of an outside party of a locked call."""
    CallLeg.objects.filter(pk=leg.pk).update(last_seen_at=now)
    match signal:
        case PartyDialled(external_id=external_id):
            _named(call, leg, external_id, now)
        case LegJoined(external_id=external_id):
            _named(call, leg, external_id, now)
            _answered(call, leg, now)
        case PartyFailed(reason=reason):
            _gone(call, leg, OutsideEnd(reason), now)
        case LegLeft() | LegLost():
            _gone(call, leg, OutsideEnd.HUNG_UP, now)


def _named(call: Call, leg: CallLeg, external_id: str, now: datetime) -> None:
    """The carrier has a name for the leg; who is not wanted any more is let go by it."""
    if external_id and not leg.external_id:
        leg.external_id = external_id
        leg.save(update_fields=["external_id"])
    if leg.state == LegState.LEFT and not leg.ended_as:
        end_outside(call, leg, now=now)


def _answered(call: Call, leg: CallLeg, now: datetime) -> None:
    if leg.state != LegState.INVITED:
        return
    leg.state, leg.joined_at = LegState.JOINED, now
    leg.save(update_fields=["state", "joined_at"])
    agents_leg = open_agent_leg(call)
    if leg.passes_on and call.state == CallState.CONSULTING and agents_leg is not None:
        audit.record("call.transferred", call, by=agents_leg.agent, detail={"number": leg.number})
        go_on_without(call, agents_leg, now=now)
    else:
        arrange(call, now=now)


def _gone(call: Call, leg: CallLeg, why: OutsideEnd, now: datetime) -> None:
    """Not reached, or hung up: the agent has the others back, and with no agent left the call is over."""
    if leg.state == LegState.LEFT:
        return
    leg.ended_as = OutsideEnd.NO_ANSWER if why == OutsideEnd.HUNG_UP and leg.joined_at is None else why
    if call.is_put_through:
        back_in_line(call, leg, now=now)
    elif call.state == CallState.FORWARDED and len(side_legs(call)) == 1:
        leg.save(update_fields=["ended_as"])
        end_call(call, by=Party.OUTSIDE, reason=EndReason.HANG_UP, now=now)
    else:
        dismiss(call, leg, now=now)


def unanswered(now: datetime) -> list[int]:
    """Ids of outside legs that were called so long ago that nobody will answer."""
    asked = CallLeg.objects.filter(kind=LegKind.EXTERNAL, state=LegState.INVITED, invited_at__lte=now - LONGEST_RING)
    # Who was put through from the line is watched by the carrier.
    asked = asked.exclude(call__state=CallState.FORWARDED)
    return list(asked.values_list("pk", flat=True))


def give_up_party(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """Nothing was heard of an outside party of a locked call in all that time."""
    if leg.state == LegState.INVITED:
        _gone(call, leg, OutsideEnd.NO_ANSWER, now)
