"""Parking: the caller hears music and nobody has the call in hand until somebody picks it up, or time is over."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crmcore import clock
from crmcore.actions import audit, presence
from crmcore.models import AgentPresence, User
from crmcore.models.presence import SystemState
from crmcore.permissions import require
from crmcore.queries.presence import routable
from telephony.actions.announcements import announce_call
from telephony.actions.commands import order, ref_of
from telephony.actions.consults import dismiss_everybody
from telephony.actions.distribution import distribute_soon, make_offer
from telephony.actions.endings import settle_times
from telephony.actions.in_hand import Busy, lock_in_hand
from telephony.actions.joins import JOIN_WITHIN
from telephony.actions.offers import close_offer, ticket_for
from telephony.actions.parked import end_parking, parking_of
from telephony.actions.parties import consulted, count_hold, leave, put_on_hold
from telephony.actions.queueing import enqueue_call
from telephony.actions.transitions import MovedOn, lock_call, move_call
from telephony.effective_wait import HeadStart
from telephony.models import Call, CallLeg, Offer, ParkedCall, ParkingPolicy
from telephony.providers.base import ConnectAgent, ReturnCaller
from telephony.queries.lines import default_queue
from telephony.states import CallState, LegKind, LegState, OfferEnd, OfferState

# Who was parked and not picked up has waited before.
BOOST_S = 600


@transaction.atomic
def park(call_id: int, *, by: User) -> Call:
    """Let the caller hear music and be free for others; the note stays with the call. Parked twice, it is parked once.

    Raises MovedOn outside of a conversation of two, PermissionDenied for somebody else's call.
    """
    call = lock_call(call_id)
    before = parking_of(call)
    if before is not None and before.by == by:
        return call
    call, leg = lock_in_hand(call_id, by)
    if call.state == CallState.CONSULTING or consulted(call) is not None:
        raise MovedOn(call.state)
    now = clock.now()
    returns_at = now + timedelta(seconds=ParkingPolicy.current().returns_after_s)
    dismiss_everybody(call, now=now)
    put_on_hold(call, False)
    count_hold(call, None, now=now)
    _free_parker(call, leg, now)
    CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER).update(state=LegState.INVITED)
    ParkedCall.objects.create(call=call, by=by, parked_at=now, returns_at=returns_at)
    call.queue = call.queue or default_queue()
    move_call(call, CallState.PARKED, now=now, deadline=returns_at, agent=None, queue=call.queue)
    order(call, ReturnCaller(ref_of(call)), now=now)
    audit.record("call.parked", call, by=by)
    announce_call(call, also_agent=by.pk)
    return call


def _free_parker(call: Call, leg: CallLeg, now: datetime) -> None:
    """Without a wrap-up: the conversation goes on, whoever picks it up."""
    leave(call, leg, now=now)
    settle_times(call, leg)
    leg.save()
    for offer in Offer.objects.filter(call=call, agent=leg.agent_id).exclude(state=OfferState.CLOSED):
        close_offer(offer, OfferEnd.PARKED, now=now)
    presence.set_system(leg.staff.pk, {SystemState.ON_CONTACT}, SystemState.IDLE)


@transaction.atomic
def pick_up(call_id: int, *, by: User) -> tuple[Call, str]:
    """Take a parked call; the agent joins with the ticket that is returned. Asked again, it is a ticket again.

    Raises MovedOn when somebody else was faster, Busy for who has something in hand or no shift, PermissionDenied.
    """
    require(by, "call", "edit")
    if not Call.objects.visible_to(by).filter(pk=call_id).exists():
        raise PermissionDenied(f"call {call_id}")
    call = lock_call(call_id)
    own = CallLeg.objects.filter(call=call, kind=LegKind.AGENT, agent=by).exclude(state=LegState.LEFT).first()
    if own is not None:
        return call, ticket_for(own)
    if call.state != CallState.PARKED:
        raise MovedOn(call.state)
    leg = _seat(call, by, clock.now())
    audit.record("call.picked_up", call, by=by)
    announce_call(call)
    return call, ticket_for(leg)


def _seat(call: Call, by: User, now: datetime) -> CallLeg:
    until = now + JOIN_WITHIN
    try:
        with transaction.atomic():
            if not presence.occupy(by.pk, until=until):
                raise Busy(by)
            offer = Offer.objects.create(
                call=call, agent=by, state=OfferState.ACCEPTED, offered_at=now, accepted_at=now, expires_at=until
            )
    except IntegrityError as error:
        raise Busy(by) from error
    move_call(call, CallState.CONNECTING, now=now, deadline=until, agent=by)
    leg = CallLeg.objects.create(call=call, kind=LegKind.AGENT, agent=by, offer=offer, invited_at=now)
    order(call, ConnectAgent(ref_of(call), leg.pk, by.pk), now=now)
    return leg


def return_parked(call: Call, *, now: datetime) -> None:
    """Nobody picked a locked call up in time: it rings at whoever parked it, else waits ahead of newcomers."""
    parking = parking_of(call)
    end_parking(call, ParkedCall.Left.RETURNED, now=now)
    enqueue_call(call, call.queue or default_queue(), now=now, boost_s=BOOST_S, came_by=HeadStart.PARKED)
    if parking is None:
        return
    AgentPresence.objects.select_for_update().filter(user=parking.by_id).first()
    if not routable(now).filter(user=parking.by_id).exists() or not make_offer(call, parking.by_id, now=now):
        distribute_soon(queue=call.queue_id)


@transaction.atomic
def set_parking(*, returns_after_s: int, by: User) -> None:
    """So long a parked call may wait, from the next one on."""
    require(by, "settings", "edit")
    policy, _created = ParkingPolicy.objects.update_or_create(pk=1, defaults={"returns_after_s": returns_after_s})
    audit.record("parking.policy", policy, by=by, detail={"returns_after_s": returns_after_s})
