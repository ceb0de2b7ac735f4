"""One agent's call becomes another's: the new one is heard before the old one is gone."""

from datetime import datetime

from telephony.actions.endings import settle_times
from telephony.actions.offers import close_offer
from telephony.actions.parties import arrange, count_hold, free_aside, leave, put_on_hold, side_legs
from telephony.actions.recording import begin_recording, end_recording
from telephony.actions.transitions import LONGEST_CALL, move_call
from telephony.actions.wrap_up import begin_wrap_up
from telephony.models import Call, CallLeg, Offer
from telephony.states import CallState, LegKind, OfferEnd, OfferState


def hand_over(call: Call, leg: CallLeg, heir: CallLeg, *, now: datetime) -> None:
    """The holder of `leg` goes to wrap-up and the party of `heir`, who is in the locked call, holds it from now on."""
    put_on_hold(call, False)
    count_hold(call, None, now=now)
    was_recorded = end_recording(call, now=now)
    let_agent_go(call, leg, now=now, hands_over=True)
    CallLeg.objects.filter(pk=heir.pk).update(kind=LegKind.AGENT, is_held=False, supervision="")
    _own_offer(call, heir, now)
    call.agent = heir.staff
    call.save(update_fields=["agent"])
    move_call(call, CallState.TALKING, now=now, deadline=now + LONGEST_CALL)
    begin_recording(call, heir, now=now, goes_on=was_recorded)
    arrange(call, now=now)


def go_on_without(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """The holder of `leg` leaves a locked call to whoever is in it: the colleague who came last, else outsiders."""
    colleagues = [aside for aside in side_legs(call) if aside.kind == LegKind.CONSULT and aside.is_present]
    if colleagues:
        hand_over(call, leg, colleagues[-1], now=now)
    else:
        _leave_outside(call, leg, now=now)


def _leave_outside(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """Nobody of the desk stays, supervisors neither."""
    put_on_hold(call, False)
    count_hold(call, None, now=now)
    let_agent_go(call, leg, now=now, hands_over=True)
    staff = [aside for aside in side_legs(call) if aside.kind != LegKind.EXTERNAL]
    for aside in staff:
        leave(call, aside, now=now)
    for offer in Offer.objects.filter(call=call).exclude(state=OfferState.CLOSED):
        close_offer(offer, OfferEnd.CANCELED, now=now)
    free_aside(call, staff)
    move_call(call, CallState.FORWARDED, now=now, deadline=now + LONGEST_CALL)
    arrange(call, now=now)


def let_agent_go(call: Call, leg: CallLeg, *, now: datetime, hands_over: bool = False) -> None:
    """The agent's part in a locked call is over though the call is not: times settled, wrap-up begun."""
    leave(call, leg, now=now, hands_over=hands_over)
    settle_times(call, leg)
    leg.save()
    for offer in Offer.objects.filter(call=call, agent=leg.agent_id).exclude(state=OfferState.CLOSED):
        close_offer(offer, OfferEnd.TRANSFERRED, now=now)
    begin_wrap_up(call, leg, now=now)


def _own_offer(call: Call, heir: CallLeg, now: datetime) -> None:
    """Whoever holds a call holds it by an offer, also a supervisor who took it."""
    if heir.offer_id is not None:
        Offer.objects.filter(pk=heir.offer_id).update(purpose=Offer.Purpose.CALL)
        return
    offer = Offer.objects.create(
        call=call,
        agent=heir.staff,
        state=OfferState.CONNECTED,
        offered_at=heir.invited_at,
        expires_at=heir.invited_at,
        accepted_at=heir.invited_at,
        connected_at=now,
    )
    CallLeg.objects.filter(pk=heir.pk).update(offer=offer)
