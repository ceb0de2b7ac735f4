"""What becomes of an offer: accepted by exactly one browser, declined, missed, withdrawn."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import get_random_string

from crmcore import clock
from crmcore.actions import presence
from crmcore.models import User
from crmcore.models.presence import SystemState
from telephony.actions.announcements import announce_call, announce_closed_offer
from telephony.actions.commands import order, ref_of
from telephony.actions.distribution import distribute_soon
from telephony.actions.joins import JOIN_WITHIN, customer_leg
from telephony.actions.parties import consult_over, leave
from telephony.actions.queueing import resume_waiting
from telephony.actions.transitions import MovedOn, lock_call, lock_call_of_offer, move_call
from telephony.join_tickets import JoinTicket, TicketRefused
from telephony.models import Call, CallLeg, Offer
from telephony.providers.base import ConnectAgent, ReturnCaller
from telephony.states import CallState, LegKind, LegState, OfferEnd, OfferState

RINGING = frozenset({SystemState.RESERVED, SystemState.CONNECTING})
SERVED = frozenset({OfferEnd.COMPLETED, OfferEnd.TRANSFERRED, OfferEnd.PARKED})
RESCINDED = frozenset({OfferEnd.CALLER_LEFT, OfferEnd.OTHER_AGENT, OfferEnd.SUPERVISOR, OfferEnd.CANCELED})


@transaction.atomic
def accept_offer(offer_id: int, *, by: User) -> str:
    """Take the call; the answer is the join ticket. Asked again by the same agent, the answer is a ticket again.

    Raises MovedOn when the offer is closed or has run out, PermissionDenied when it is somebody else's.
    """
    call, offer = lock_call_of_offer(offer_id)
    now = clock.now()
    if offer.agent_id != by.pk:
        raise PermissionDenied(f"offer {offer_id}")
    if offer.state in (OfferState.ACCEPTED, OfferState.CONNECTED):
        return ticket_for(CallLeg.objects.get(offer=offer))
    if offer.state != OfferState.PENDING or offer.expires_at <= now:
        raise MovedOn(call.state, offer.end_reason)
    if offer.purpose == Offer.Purpose.CONSULT:
        return ticket_for(_come_aside(call, offer, now=now))
    if not move_call(call, CallState.CONNECTING, now=now, deadline=now + JOIN_WITHIN, agent=by):
        raise MovedOn(call.state)
    for other in _open_offers(call).exclude(pk=offer.pk):
        close_offer(other, OfferEnd.OTHER_AGENT, now=now)
    leg = _invite(call, offer, LegKind.AGENT, now=now)
    announce_call(call)
    return ticket_for(leg)


def _come_aside(call: Call, offer: Offer, *, now: datetime) -> CallLeg:
    """The colleague who is asked comes in. Raises MovedOn when nobody asks any more."""
    if call.state != CallState.CONSULTING:
        raise MovedOn(call.state)
    leg = _invite(call, offer, LegKind.CONSULT, now=now)
    announce_call(call)
    return leg


def _invite(call: Call, offer: Offer, kind: LegKind, *, now: datetime) -> CallLeg:
    """The agent's leg of an offer that is being accepted."""
    Offer.objects.filter(pk=offer.pk).update(state=OfferState.ACCEPTED, accepted_at=now)
    presence.set_system(offer.agent_id, RINGING, SystemState.CONNECTING, deadline=now + JOIN_WITHIN)
    leg = CallLeg.objects.create(call=call, kind=kind, agent=offer.agent, offer=offer, invited_at=now)
    order(call, ConnectAgent(ref_of(call), leg.pk, offer.agent_id), now=now)
    return leg


@transaction.atomic
def rejoin_call(call_id: int, *, by: User) -> str:
    """A new join ticket after a reload. Raises MovedOn when the agent has no part in the call (any more)."""
    call = lock_call(call_id)
    leg = CallLeg.objects.filter(call=call, agent=by).exclude(state=LegState.LEFT).first()
    if leg is None:
        raise MovedOn(call.state)
    return ticket_for(leg)


@transaction.atomic
def redeem_ticket(text: str, *, bearer: str) -> CallLeg:
    """The leg that the ticket opens. Only the first bearer may use it, and may do so again. Raises TicketRefused."""
    ticket = JoinTicket.read(text)
    leg = CallLeg.objects.select_for_update(of=("self",)).select_related("call").filter(pk=ticket.leg_id).first()
    if leg is None or leg.state == LegState.LEFT or leg.ticket_nonce != ticket.nonce:
        raise TicketRefused("the join ticket is not valid any more")
    if leg.ticket_bearer not in ("", bearer):
        raise TicketRefused("the join ticket was used already")
    leg.ticket_bearer = bearer
    leg.save(update_fields=["ticket_bearer"])
    return leg


@transaction.atomic
def reject_offer(offer_id: int, *, by: User) -> None:
    """Decline; the call goes on to somebody else. Declining a closed offer changes nothing."""
    call, offer = lock_call_of_offer(offer_id)
    if offer.agent_id != by.pk:
        raise PermissionDenied(f"offer {offer_id}")
    if offer.state == OfferState.PENDING:
        withdraw_offer(call, offer, OfferEnd.REJECTED, now=clock.now())


def withdraw_offer(call: Call, offer: Offer, reason: OfferEnd, *, now: datetime) -> None:
    """Close an offer of a locked call that goes on without this agent: it rings on elsewhere, or waits at its place.

    A colleague who was asked and does not come leaves the call with the agent who asked.
    """
    if not close_offer(offer, reason, now=now):
        return
    if offer.purpose == Offer.Purpose.CALL and _open_offers(call).exists():
        return
    leg = CallLeg.objects.filter(offer=offer).exclude(state=LegState.LEFT).first()
    if leg is not None:
        leave(call, leg, now=now)
    if offer.purpose == Offer.Purpose.CONSULT:
        consult_over(call, now=now)
        return
    caller_was_moved = customer_leg(call).state == LegState.JOINED
    if resume_waiting(call, now=now) and caller_was_moved:
        CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER).update(state=LegState.INVITED)
        order(call, ReturnCaller(ref_of(call)), now=now)


def _open_offers(call: Call) -> QuerySet[Offer]:
    """The call's offers that are not closed; several while it rings at several agents. Consultations are none."""
    offers = Offer.objects.filter(call=call, purpose=Offer.Purpose.CALL).exclude(state=OfferState.CLOSED)
    return offers.order_by("agent_id")


def close_offer(offer: Offer, reason: OfferEnd, *, now: datetime) -> bool:
    """Close the offer, free its agent in the way that the reason asks for; False when it was closed before."""
    closed = Offer.objects.filter(pk=offer.pk).exclude(state=OfferState.CLOSED)
    if not closed.update(state=OfferState.CLOSED, end_reason=reason, closed_at=now):
        return False
    offer.state, offer.end_reason, offer.closed_at = OfferState.CLOSED, reason, now
    _free_agent(offer, reason)
    announce_closed_offer(offer)
    distribute_soon(agent=offer.agent_id)
    return True


def _free_agent(offer: Offer, reason: OfferEnd) -> None:
    agent_id = offer.agent_id
    if reason == OfferEnd.TIMEOUT:
        presence.miss_offer(agent_id)
    elif reason == OfferEnd.MEDIA_FAILED:
        presence.set_system(agent_id, RINGING, SystemState.NOT_RESPONDING, reason="media")
    elif reason == OfferEnd.AGENT_OFFLINE:
        presence.set_system(agent_id, RINGING, SystemState.IDLE, keep_place=True)
        presence.take_offline(agent_id)
    elif reason == OfferEnd.REJECTED:
        pause = offer.call.queue.decline_pause_s if offer.call.queue else 0
        presence.set_system(agent_id, RINGING, SystemState.IDLE, pause=timedelta(seconds=pause))
    elif reason not in SERVED:
        presence.set_system(agent_id, RINGING, SystemState.IDLE, keep_place=reason in RESCINDED)


def ticket_for(leg: CallLeg) -> str:
    """A ticket for the leg: the one not yet used, or a new one for a party that comes back."""
    if leg.ticket_bearer or not leg.ticket_nonce:
        leg.ticket_nonce, leg.ticket_bearer = get_random_string(24), ""
        leg.save(update_fields=["ticket_nonce", "ticket_bearer"])
    return JoinTicket(leg.pk, leg.ticket_nonce).sign()


def issue_customer_ticket(call: Call) -> str:
    """A join ticket for the caller's own browser."""
    return ticket_for(customer_leg(call))
