"""What becomes of an offer: accepted by exactly one browser, declined, missed, withdrawn."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import get_random_string

from crmcore import clock
from crmcore.actions import presence
from crmcore.models import User
from crmcore.models.presence import SystemState
from telephony.actions.announcements import announce_call, announce_closed_offer
from telephony.actions.commands import order, ref_of
from telephony.actions.distribution import distribute_soon
from telephony.actions.joins import JOIN_WITHIN, customer_leg, open_agent_leg
from telephony.actions.queueing import resume_waiting
from telephony.actions.transitions import MovedOn, lock_call, lock_call_of_offer, move_call
from telephony.join_tickets import JoinTicket, TicketRefused
from telephony.models import Call, CallLeg, Offer
from telephony.providers.base import ConnectAgent, DropLeg, ReturnCaller
from telephony.states import CallState, LegKind, LegState, OfferEnd, OfferState

RINGING = frozenset({SystemState.RESERVED, SystemState.CONNECTING})
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
    if not move_call(call, CallState.CONNECTING, now=now, deadline=now + JOIN_WITHIN, agent=by):
        raise MovedOn(call.state)
    Offer.objects.filter(pk=offer.pk).update(state=OfferState.ACCEPTED, accepted_at=now)
    presence.set_system(by.pk, RINGING, SystemState.CONNECTING, deadline=now + JOIN_WITHIN)
    leg = CallLeg.objects.create(call=call, kind=LegKind.AGENT, agent=by, offer=offer, invited_at=now)
    order(call, ConnectAgent(ref_of(call), leg.pk, by.pk), now=now)
    announce_call(call)
    return ticket_for(leg)


@transaction.atomic
def rejoin_call(call_id: int, *, by: User) -> str:
    """A new join ticket after a reload. Raises MovedOn when the agent has no part in the call (any more)."""
    call = lock_call(call_id)
    leg = open_agent_leg(call)
    if leg is None or leg.agent_id != by.pk:
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
    """Close an offer of a locked call that goes on without this agent: it waits on at its place."""
    if not close_offer(offer, reason, now=now):
        return
    leg = open_agent_leg(call)
    if leg is not None:
        leg.state, leg.left_at, leg.lost_at, leg.ticket_nonce = LegState.LEFT, now, None, ""
        leg.save()
        if leg.joined_at:
            order(call, DropLeg(ref_of(call), leg.pk, leg.external_id), now=now)
    caller_was_moved = customer_leg(call).state == LegState.JOINED
    if resume_waiting(call, now=now) and caller_was_moved:
        CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER).update(state=LegState.INVITED)
        order(call, ReturnCaller(ref_of(call)), now=now)


def close_offer(offer: Offer, reason: OfferEnd, *, now: datetime) -> bool:
    """Close the offer, free its agent in the way that the reason asks for; False when it was closed before."""
    closed = Offer.objects.filter(pk=offer.pk).exclude(state=OfferState.CLOSED)
    if not closed.update(state=OfferState.CLOSED, end_reason=reason, closed_at=now):
        return False
    offer.state, offer.end_reason, offer.closed_at = OfferState.CLOSED, reason, now
    _free_agent(offer.agent_id, reason)
    announce_closed_offer(offer)
    distribute_soon()
    return True


def _free_agent(agent_id: int, reason: OfferEnd) -> None:
    if reason == OfferEnd.TIMEOUT:
        presence.miss_offer(agent_id)
    elif reason == OfferEnd.MEDIA_FAILED:
        presence.set_system(agent_id, RINGING, SystemState.NOT_RESPONDING, reason="media")
    elif reason == OfferEnd.AGENT_OFFLINE:
        presence.set_system(agent_id, RINGING, SystemState.IDLE, keep_place=True)
        presence.take_offline(agent_id)
    elif reason != OfferEnd.COMPLETED:
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
