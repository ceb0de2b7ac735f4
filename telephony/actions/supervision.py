"""A supervisor in somebody's call: listens, whispers to the agent, joins in, takes over; every step is audited."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crmcore import clock
from crmcore.actions import audit, presence
from crmcore.models import User
from crmcore.models.presence import SystemState
from crmcore.permissions import require
from telephony.actions.commands import order, ref_of
from telephony.actions.in_hand import Busy, capabilities_of
from telephony.actions.joins import JOIN_WITHIN, open_agent_leg
from telephony.actions.offers import ticket_for
from telephony.actions.parties import arrange, side_legs
from telephony.actions.takeover import hand_over
from telephony.actions.transitions import MovedOn, lock_call
from telephony.models import Call, CallLeg, SupervisionPolicy
from telephony.providers.base import ConnectAgent
from telephony.states import IN_CONVERSATION, LegKind, Supervision

FREE = frozenset({SystemState.IDLE, SystemState.NOT_RESPONDING})


@transaction.atomic
def supervise(call_id: int, mode: Supervision, *, by: User) -> str:
    """Come into a call, or change how one takes part in it; the answer is the join ticket.

    Raises PermissionDenied outside of one's reach, Busy during work of one's own, MovedOn when there is no
    conversation or the carrier cannot do it.
    """
    call = _lock_supervised(call_id, by)
    leg = own_leg(call, by)
    if leg is None:
        leg = _come_in(call, mode, by=by, now=clock.now())
    elif leg.supervision != mode:
        leg.supervision = mode
        leg.save(update_fields=["supervision"])
        arrange(call, now=clock.now())
        audit.record(f"call.{mode}", call, by=by, detail={"agent": call.agent_id})
    return ticket_for(leg)


@transaction.atomic
def take_over(call_id: int, *, by: User) -> Call:
    """The supervisor who is in the call goes on with it; its agent goes to wrap-up."""
    call = _lock_supervised(call_id, by)
    leg, agents_leg = own_leg(call, by), open_agent_leg(call)
    if leg is None or agents_leg is None or not leg.is_present:
        raise MovedOn(call.state)
    audit.record("call.taken_over", call, by=by, detail={"agent": call.agent_id})
    hand_over(call, agents_leg, leg, now=clock.now())
    return call


@transaction.atomic
def set_policy(*, agents_are_told: bool, by: User) -> None:
    """Say whether agents see that a supervisor listens or whispers."""
    require(by, "settings", "edit")
    policy, _created = SupervisionPolicy.objects.update_or_create(pk=1, defaults={"agents_are_told": agents_are_told})
    audit.record("supervision.policy", policy, by=by, detail={"agents_are_told": agents_are_told})


def own_leg(call: Call, by: User) -> CallLeg | None:
    """The leg by which somebody supervises the call."""
    return next((leg for leg in side_legs(call) if leg.kind == LegKind.SUPERVISOR and leg.agent_id == by.pk), None)


def _come_in(call: Call, mode: Supervision, *, by: User, now: datetime) -> CallLeg:
    if not presence.set_system(by.pk, FREE, SystemState.CONNECTING, deadline=now + JOIN_WITHIN):
        raise Busy(by)
    leg = CallLeg.objects.create(call=call, kind=LegKind.SUPERVISOR, supervision=mode, agent=by, invited_at=now)
    arrange(call, now=now)
    order(call, ConnectAgent(ref_of(call), leg.pk, by.pk), now=now)
    audit.record(f"call.{mode}", call, by=by, detail={"agent": call.agent_id})
    return leg


def _lock_supervised(call_id: int, by: User) -> Call:
    require(by, "board", "view")
    if not Call.objects.visible_to(by, "edit").filter(pk=call_id).exclude(agent=by).exists():
        raise PermissionDenied(f"call {call_id}")
    call = lock_call(call_id)
    if call.state not in IN_CONVERSATION or not capabilities_of(call).can_conference:
        raise MovedOn(call.state)
    return call
