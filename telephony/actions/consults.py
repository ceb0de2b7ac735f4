"""Warm transfer: a colleague is asked in private, brought into the conversation, and takes it over without a gap."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from crmcore import clock
from crmcore.actions import audit, presence
from crmcore.models import User
from telephony.actions.announcements import announce_offer
from telephony.actions.distribution import RINGS_FOR_S
from telephony.actions.in_hand import Busy, lock_in_hand
from telephony.actions.joins import customer_leg
from telephony.actions.offers import close_offer, withdraw_offer
from telephony.actions.parties import (
    arrange,
    consult_over,
    consulted,
    count_hold,
    free_aside,
    leave,
    put_on_hold,
    side_legs,
)
from telephony.actions.takeover import go_on_without, hand_over
from telephony.actions.transitions import LONGEST_CALL, MovedOn, lock_call, move_call
from telephony.models import Call, CallLeg, Offer
from telephony.states import ASKED, CallState, LegKind, LegState, OfferEnd, OfferState

LARGEST_CONFERENCE = 5


@transaction.atomic
def consult(call_id: int, agent: User, *, by: User) -> Call:
    """Ask a colleague in private; everybody else hears music. Asked twice, he is asked once.

    Raises MovedOn outside of a conversation or when it is full, Busy when the colleague cannot be reached.
    """
    call, leg = lock_in_hand(call_id, by)
    if _asked(call).filter(agent=agent).exists():
        return call
    now = clock.now()
    turn_aside(call, leg, now=now)
    offer = _ask(call, agent, now=now)
    move_call(call, CallState.CONSULTING, now=now, deadline=now + LONGEST_CALL)
    announce_offer(offer)
    arrange(call, now=now)
    return call


def turn_aside(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """Everybody but the agent hears music, as somebody is to be asked. Raises MovedOn when that cannot be now."""
    legs = CallLeg.objects.filter(call=call).exclude(state=LegState.LEFT).exclude(kind=LegKind.SUPERVISOR)
    if call.state not in (CallState.TALKING, CallState.HELD) or legs.count() >= LARGEST_CONFERENCE:
        raise MovedOn(call.state)
    put_on_hold(call, True)
    count_hold(call, leg, now=now)


def _ask(call: Call, agent: User, *, now: datetime) -> Offer:
    expires_at = now + timedelta(seconds=RINGS_FOR_S)
    try:
        with transaction.atomic():
            if not presence.reserve(agent.pk, until=expires_at):
                raise Busy(agent)
            return Offer.objects.create(
                call=call, agent=agent, purpose=Offer.Purpose.CONSULT, offered_at=now, expires_at=expires_at
            )
    except IntegrityError as error:
        raise Busy(agent) from error


@transaction.atomic
def swap(call_id: int, *, by: User) -> Call:
    """Speak to the other side: whoever heard music is heard, whoever was heard hears music."""
    call, leg = lock_in_hand(call_id, by)
    aside = consulted(call)
    if call.state != CallState.CONSULTING or aside is None or aside.state != LegState.JOINED:
        raise MovedOn(call.state)
    now = clock.now()
    was_held = customer_leg(call).is_held
    put_on_hold(call, not was_held)
    CallLeg.objects.filter(pk=aside.pk).update(is_held=was_held)
    count_hold(call, leg, now=now)
    arrange(call, now=now)
    return call


@transaction.atomic
def merge(call_id: int, *, by: User) -> Call:
    """Everybody hears everybody. Merged twice, it was merged once."""
    call, leg = lock_in_hand(call_id, by)
    aside = consulted(call)
    if call.state == CallState.TALKING and aside is not None:
        return call
    if call.state != CallState.CONSULTING or aside is None or aside.state != LegState.JOINED:
        raise MovedOn(call.state)
    _talk_again(call, leg, now=clock.now())
    return call


@transaction.atomic
def cancel_consult(call_id: int, *, by: User) -> Call:
    """Let the colleague go, asked or in the call, and speak to the customer again."""
    call, leg = lock_in_hand(call_id, by)
    now = clock.now()
    if call.state != CallState.CONSULTING:
        return call
    for offer in _asked(call).exclude(state=OfferState.CONNECTED):
        withdraw_offer(call, offer, OfferEnd.CANCELED, now=now)
    if call.state == CallState.CONSULTING and (aside := consulted(call)):
        dismiss(call, aside, now=now)
    _talk_again(call, leg, now=now)
    return call


@transaction.atomic
def complete(call_id: int, *, by: User, leg_id: int | None = None) -> Call:
    """The colleague takes the call over (the one of `leg_id`, else who came last); the agent goes to wrap-up.

    To an outside party it is left when no colleague is there.
    """
    call, leg = lock_in_hand(call_id, by)
    there = [aside for aside in side_legs(call) if aside.kind in ASKED and aside.is_present]
    heir = next((aside for aside in there if aside.pk == leg_id), None)
    if not there or (leg_id and heir is None) or call.state == CallState.HELD:
        raise MovedOn(call.state)
    if heir is not None and heir.kind == LegKind.CONSULT:
        hand_over(call, leg, heir, now=clock.now())
    else:
        go_on_without(call, leg, now=clock.now())
    if call.state == CallState.FORWARDED:
        audit.record("call.transferred", call, by=by, detail={"number": there[-1].number})
    return call


@transaction.atomic
def drop_party(call_id: int, leg_id: int, *, by: User) -> Call:
    """Let one colleague or outside party go from a conference. Gone already, nothing changes."""
    call, _leg = lock_in_hand(call_id, by)
    if aside := next((one for one in side_legs(call) if one.pk == leg_id and one.kind in ASKED), None):
        dismiss(call, aside, now=clock.now())
    return call


@transaction.atomic
def leave_call(call_id: int, *, by: User) -> None:
    """A colleague or supervisor leaves; the call goes on without."""
    call = lock_call(call_id)
    for aside in side_legs(call):
        if aside.agent_id == by.pk:
            dismiss(call, aside, now=clock.now())


def dismiss(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """One of the side legs of a locked call has gone, or has to."""
    leave(call, leg, now=now)
    if leg.offer_id is not None:
        offer = Offer.objects.get(pk=leg.offer_id)
        came = offer.state == OfferState.CONNECTED
        close_offer(offer, OfferEnd.COMPLETED if came else OfferEnd.MEDIA_FAILED, now=now)
    free_aside(call, [leg])
    consult_over(call, now=now)


def dismiss_everybody(call: Call, *, now: datetime) -> None:
    """Colleagues and supervisors leave a locked call together with its agent."""
    for offer in _asked(call):
        close_offer(offer, OfferEnd.CANCELED, now=now)
    for aside in (legs := side_legs(call)):
        leave(call, aside, now=now)
    free_aside(call, legs)


def _talk_again(call: Call, leg: CallLeg, *, now: datetime) -> None:
    put_on_hold(call, False)
    count_hold(call, leg, now=now)
    move_call(call, CallState.TALKING, now=now, deadline=now + LONGEST_CALL)
    arrange(call, now=now)


def _asked(call: Call) -> QuerySet[Offer]:
    return Offer.objects.filter(call=call, purpose=Offer.Purpose.CONSULT).exclude(state=OfferState.CLOSED)
