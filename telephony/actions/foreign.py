"""Calls that a foreign exchange distributes: it rings whom it likes, we show the call and keep the books."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from crmcore.actions import presence
from crmcore.models.presence import SystemState
from telephony.actions.announcements import announce_call, announce_offer
from telephony.actions.identity import refresh_identity
from telephony.actions.joins import begin_talk, customer_leg
from telephony.actions.offers import close_offer
from telephony.actions.transitions import move_call
from telephony.models import Call, CallLeg, Offer
from telephony.states import CallState, LegKind, LegState, OfferEnd, OfferState

RINGS_FOR = timedelta(seconds=60)


def agent_rang(call: Call, agent_id: int, *, now: datetime) -> None:
    """Show a call that rings on the agent's desk phone, whatever his presence says; the first agent named is shown."""
    if call.state != CallState.NEW:
        return
    expires_at = now + RINGS_FOR
    try:
        with transaction.atomic():
            presence.set_system(agent_id, {SystemState.IDLE}, SystemState.RESERVED, deadline=expires_at)
            offer = Offer.objects.create(call=call, agent_id=agent_id, offered_at=now, expires_at=expires_at)
    except IntegrityError:
        return
    refresh_identity(call, now=now)
    move_call(call, CallState.OFFERING, now=now, deadline=expires_at)
    announce_offer(offer)
    announce_call(call)


def agent_answered(call: Call, agent_id: int, *, now: datetime) -> None:
    """The agent picked up the desk phone; whoever else was shown the call is released."""
    if call.state == CallState.ENDED:
        _note_late_answer(call, agent_id)
    if call.state not in (CallState.NEW, CallState.OFFERING):
        return
    open_offers = Offer.objects.filter(call=call).exclude(state=OfferState.CLOSED)
    for other in open_offers.exclude(agent=agent_id):
        close_offer(other, OfferEnd.OTHER_AGENT, now=now)
    offer = open_offers.filter(agent=agent_id).first()
    leg = CallLeg.objects.create(
        call=call,
        kind=LegKind.AGENT,
        agent_id=agent_id,
        offer=offer,
        state=LegState.JOINED,
        invited_at=now,
        joined_at=now,
    )
    customer = customer_leg(call)
    customer.state, customer.joined_at = LegState.JOINED, now
    customer.save(update_fields=["state", "joined_at"])
    begin_talk(call, leg, now=now)


def _note_late_answer(call: Call, agent_id: int) -> None:
    """The end overtook the answer on its way to us: keep who took part, so that the books can be settled."""
    if CallLeg.objects.filter(call=call, kind=LegKind.AGENT, joined_at__isnull=False).exists():
        return
    assert call.ended_at is not None
    CallLeg.objects.create(
        call=call,
        kind=LegKind.AGENT,
        agent_id=agent_id,
        state=LegState.LEFT,
        invited_at=call.ended_at,
        joined_at=call.ended_at,
        left_at=call.ended_at,
    )
    CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER, joined_at=None).update(joined_at=call.ended_at)
