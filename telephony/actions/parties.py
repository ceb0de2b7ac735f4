"""Who takes part in a conversation: arranging all of them anew whenever somebody comes, goes or is put on hold."""

from datetime import datetime

from django.db.models import Subquery

from crmcore.actions import presence
from crmcore.models.presence import SystemState
from telephony.actions.announcements import announce_call
from telephony.actions.commands import order, ref_of
from telephony.actions.departing import depart
from telephony.actions.recording import end_recording
from telephony.actions.transitions import LONGEST_CALL, move_call, next_epoch
from telephony.models import Call, CallHold, CallLeg, Offer
from telephony.providers.base import Arrange, DropLeg
from telephony.providers.dialling import CancelDial
from telephony.queries.voices import voices_of
from telephony.states import ASKED, IN_ROOM, SIDE_LEGS, CallState, LegKind, LegState, OfferState

BUSY_ASIDE = frozenset({SystemState.CONNECTING, SystemState.ON_CONTACT})


def side_legs(call: Call) -> list[CallLeg]:
    """The open legs of colleagues, outside parties and supervisors, in the order in which they came."""
    return list(CallLeg.objects.filter(call=call, kind__in=SIDE_LEGS).exclude(state=LegState.LEFT).order_by("pk"))


def consulted(call: Call) -> CallLeg | None:
    """Who was asked last, of the desk or outside, and is still in the call."""
    return next((leg for leg in reversed(side_legs(call)) if leg.kind in ASKED), None)


def arrange(call: Call, *, now: datetime) -> None:
    """Tell the carrier who hears whom from now on, in an epoch of its own; who takes part looks again."""
    if call.state in IN_ROOM:
        next_epoch(call)
        order(call, Arrange(ref_of(call), voices_of(call)), now=now)
    announce_call(call)


def put_on_hold(call: Call, held: bool, *, only: LegKind | None = None) -> None:
    """Put everybody but the agent and supervisors on hold (or one kind alone), or take them off it."""
    kinds = {only} if only else {LegKind.CUSTOMER, *ASKED}
    legs = CallLeg.objects.filter(call=call, kind__in=kinds).exclude(state=LegState.LEFT)
    legs.update(is_held=held)


def count_hold(call: Call, agents_leg: CallLeg | None, *, now: datetime) -> None:
    """Let the hold that is being counted begin or end, by whether the customer hears music now."""
    is_held = CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER, is_held=True).exists()
    running = CallHold.objects.filter(leg__call=call, ended_at=None)
    if not is_held:
        running.update(ended_at=now)
    elif agents_leg is not None and not running.exists():
        CallHold.objects.create(leg=agents_leg, started_at=now)


def leave(call: Call, leg: CallLeg, *, now: datetime, hands_over: bool = False) -> None:
    """Close one leg of a call that goes on."""
    if leg.kind == LegKind.AGENT:
        end_recording(call, now=now)
    depart(leg, now=now)
    leg.save()
    if leg.kind == LegKind.EXTERNAL:
        end_outside(call, leg, now=now)
    elif leg.joined_at or leg.ticket_bearer or leg.kind in SIDE_LEGS:
        order(call, DropLeg(ref_of(call), leg.pk, leg.external_id, hands_over), now=now)


def end_outside(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """An outside party that rings, or talks, is not wanted any more; one not yet dialled will not be."""
    if leg.external_id:
        order(call, CancelDial(ref_of(call), leg.external_id, leg.pk), now=now)


def free_aside(call: Call, legs: list[CallLeg]) -> None:
    """Who took part beside the agent owes no wrap-up."""
    for leg in legs:
        if leg.agent_id is not None:
            presence.set_system(leg.agent_id, BUSY_ASIDE, SystemState.IDLE)


def consult_over(call: Call, *, now: datetime) -> None:
    """Somebody left: with nobody being asked any more, the agent is with the customer, on hold or not."""
    if call.state == CallState.CONSULTING and not _is_asking(call):
        is_held = CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER, is_held=True).exists()
        move_call(call, CallState.HELD if is_held else CallState.TALKING, now=now, deadline=now + LONGEST_CALL)
    arrange(call, now=now)


def _is_asking(call: Call) -> bool:
    """Whether somebody is on the way, or is spoken to apart from the customer."""
    open_offers = Offer.objects.filter(call=call, purpose=Offer.Purpose.CONSULT).exclude(state=OfferState.CLOSED)
    apart = CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER).values("is_held")[:1]
    others = CallLeg.objects.filter(call=call, kind__in=ASKED).exclude(state=LegState.LEFT)
    return open_offers.exclude(state=OfferState.CONNECTED).exists() or others.exclude(is_held=Subquery(apart)).exists()
