"""Blind transfer: the caller waits again, for one colleague or for another queue, with note and ticket."""

from datetime import datetime

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import AgentPresence, Queue, User
from crmcore.queries.presence import routable
from telephony.actions.commands import order, ref_of
from telephony.actions.consults import dismiss_everybody
from telephony.actions.distribution import make_offer
from telephony.actions.in_hand import Busy, lock_in_hand
from telephony.actions.parties import count_hold, put_on_hold
from telephony.actions.queueing import enqueue_call
from telephony.actions.takeover import let_agent_go
from telephony.actions.transitions import MovedOn
from telephony.effective_wait import HeadStart
from telephony.models import Call, CallLeg
from telephony.providers.base import ReturnCaller
from telephony.queries.lines import default_queue
from telephony.states import LegKind, LegState


@transaction.atomic
def transfer_to_queue(call_id: int, queue: Queue, *, by: User) -> Call:
    """Pass the call on to a queue, ahead of those who wait there for the first time. The agent goes to wrap-up.

    Raises MovedOn when the call is not in the agent's hands (any more).
    """
    call, leg = lock_in_hand(call_id, by)
    if not queue.is_active:
        raise MovedOn(call.state)
    _pass_on(call, leg, queue, now=clock.now())
    audit.record("call.transferred", call, by=by, detail={"queue": queue.code})
    return call


@transaction.atomic
def transfer_to_agent(call_id: int, agent: User, *, by: User) -> Call:
    """Pass the call on to one colleague; does he not take it, it waits for anybody in its queue.

    Raises Busy when the colleague is not free, MovedOn when the call is not in the agent's hands (any more).
    """
    call, leg = lock_in_hand(call_id, by)
    now = clock.now()
    AgentPresence.objects.select_for_update().filter(user=agent).first()
    if agent == by or not routable(now).filter(user=agent).exists():
        raise Busy(agent)
    _pass_on(call, leg, call.queue or default_queue(), now=now)
    make_offer(call, agent.pk, now=now)
    audit.record("call.transferred", call, by=by, detail={"agent": agent.pk})
    return call


def _pass_on(call: Call, leg: CallLeg, queue: Queue, *, now: datetime) -> None:
    dismiss_everybody(call, now=now)
    put_on_hold(call, False)
    count_hold(call, None, now=now)
    let_agent_go(call, leg, now=now)
    CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER).update(state=LegState.INVITED)
    enqueue_call(call, queue, now=now, came_by=HeadStart.TRANSFER)
    order(call, ReturnCaller(ref_of(call)), now=now)
