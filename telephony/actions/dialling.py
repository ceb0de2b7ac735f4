"""A call that we place: the agent is in the room first, then the customer is called into it."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from crmcore.actions import presence
from crmcore.models.presence import SystemState
from telephony.actions.announcements import announce_call
from telephony.actions.commands import order, ref_of
from telephony.actions.transitions import move_call
from telephony.models import Call, CallLeg
from telephony.providers.dialling import CancelDial, Dial
from telephony.providers.registry import provider_of
from telephony.states import CallState, LegKind

# So long it rings at the customer; the carrier is then given time to say how it ended.
RINGS_FOR_S = 40
TOLD_WITHIN = timedelta(seconds=20)
LONGEST_DIAL = timedelta(seconds=RINGS_FOR_S) + TOLD_WITHIN


def is_to_be_dialled(call: Call) -> bool:
    """Whether the customer is not on the line yet and it is ours to fetch them."""
    if call.direction != Call.Direction.OUT or not provider_of(call.provider).capabilities.can_dial:
        return False
    return not CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER, joined_at__isnull=False).exists()


def dial_customer(call: Call, agent_leg: CallLeg, *, now: datetime) -> None:
    """The agent is in the room of a locked call: call the customer, once however often the agent joins."""
    if call.state == CallState.CONNECTING and not _begin(call, agent_leg, now):
        return
    if call.state != CallState.DIALING:
        return
    _allow_until(call, now + LONGEST_DIAL)
    number = Dial(
        ref_of(call),
        number=call.to_e164,
        caller_id=call.from_e164,
        timeout_s=RINGS_FOR_S,
        agent_place=agent_leg.external_id,
    )
    order(call, number, now=now)
    announce_call(call)


def _begin(call: Call, agent_leg: CallLeg, now: datetime) -> bool:
    """False when a colleague dials the same number: the join runs out of time, and the promise waits on."""
    try:
        with transaction.atomic():
            return move_call(call, CallState.DIALING, now=now, deadline=now + LONGEST_DIAL, agent=agent_leg.staff)
    except IntegrityError:
        return False


def customer_dialled(call: Call, *, external_id: str, now: datetime) -> None:
    """The carrier calls the customer: from now on it has a name for the leg."""
    _name_leg(call, external_id)
    if call.state == CallState.ENDED and external_id:
        order(call, CancelDial(ref_of(call), external_id), now=now)


def customer_rings(call: Call, *, external_id: str, now: datetime) -> None:
    """It rings at the customer."""
    customer_dialled(call, external_id=external_id, now=now)
    if call.state == CallState.DIALING and move_call(call, CallState.RINGING, now=now, deadline=now + LONGEST_DIAL):
        _allow_until(call, now + LONGEST_DIAL)
        announce_call(call)


def _name_leg(call: Call, external_id: str) -> None:
    if external_id:
        CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER, external_id="").update(external_id=external_id)


def _allow_until(call: Call, deadline: datetime) -> None:
    call.state_deadline = deadline
    Call.objects.filter(pk=call.pk).update(state_deadline=deadline)
    if call.agent_id is not None:
        presence.prolong(call.agent_id, SystemState.CONNECTING, until=deadline)
