"""Broken connections: noticed, given time to come back, and acted upon when they do not."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from crmcore.actions import presence
from crmcore.models.presence import SystemState
from telephony.actions.commands import order, ref_of
from telephony.actions.consults import dismiss, dismiss_everybody
from telephony.actions.contact_record import record_contact
from telephony.actions.endings import close_legs, end_call
from telephony.actions.joins import JOIN_WITHIN, customer_leg
from telephony.actions.offers import close_offer, withdraw_offer
from telephony.actions.parties import put_on_hold, side_legs
from telephony.actions.queueing import enqueue_call
from telephony.actions.takeover import go_on_without
from telephony.models import Call, CallLeg, Offer
from telephony.providers.base import DropLeg, ReturnCaller
from telephony.states import (
    BEING_DIALLED,
    IN_CONVERSATION,
    SIDE_LEGS,
    CallOutcome,
    CallState,
    EndReason,
    LegKind,
    LegState,
    OfferEnd,
    OfferState,
    Party,
)

AGENT_GRACE = timedelta(seconds=60)
# Nobody may answer the telephone and hear silence for longer than this.
DIALLER_GRACE = timedelta(seconds=10)
CUSTOMER_GRACE = timedelta(seconds=30)
SIDE_GRACE = timedelta(seconds=15)
SILENT_AFTER = timedelta(seconds=25)
# A caller whose agent was lost has waited before.
BOOST_S = 600


@transaction.atomic
def take_back_seen() -> None:
    """Legs that were given up as silent but report themselves again; one that is being moved just now has time."""
    seen = CallLeg.objects.filter(lost_at__lt=F("last_seen_at")).select_for_update(of=("self",), skip_locked=True)
    CallLeg.objects.filter(pk__in=list(seen.values_list("pk", flat=True))).update(lost_at=None)


def give_up_leg(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """The grace time of a broken leg is over (locked call)."""
    if leg.kind == LegKind.CUSTOMER:
        end_call(call, by=Party.CUSTOMER, reason=EndReason.LOST, now=now)
    elif call.state in BEING_DIALLED:
        end_call(call, by=Party.AGENT, reason=EndReason.LOST, outcome=CallOutcome.FAILED, now=now)
    elif leg.kind in SIDE_LEGS:
        dismiss(call, leg, now=now)
    elif call.state not in IN_CONVERSATION:
        return
    elif customer_leg(call).lost_at is not None:
        end_call(call, by=Party.AGENT, reason=EndReason.LOST, now=now)
    elif _is_in_company(call):
        go_on_without(call, leg, now=now)
    else:
        _return_to_queue(call, leg, now)


def _is_in_company(call: Call) -> bool:
    """Whether somebody is there to go on with. An outside party who never heard the customer is no company."""
    there = [leg for leg in side_legs(call) if leg.is_present]
    met = call.state == CallState.TALKING
    return any(leg.kind == LegKind.CONSULT or (leg.kind == LegKind.EXTERNAL and met) for leg in there)


def _return_to_queue(call: Call, leg: CallLeg, now: datetime) -> None:
    """The agent is gone but the caller is not: another agent gets the call, with the note so far.

    Whom we called does not wait for us in a queue.
    """
    if call.queue is None or call.direction == Call.Direction.OUT:
        end_call(call, by=Party.AGENT, reason=EndReason.LOST, now=now)
        return
    dismiss_everybody(call, now=now)
    put_on_hold(call, False)
    close_legs(call, now=now, only=LegKind.AGENT)
    leg.refresh_from_db()
    _owe_wrap_up(call, leg, now)
    for offer in Offer.objects.filter(call=call).exclude(state=OfferState.CLOSED):
        close_offer(offer, OfferEnd.AGENT_OFFLINE, now=now)
    presence.set_system(leg.staff.pk, {SystemState.ON_CONTACT}, SystemState.IDLE)
    presence.take_offline(leg.staff.pk)
    CallLeg.objects.filter(call=call, kind=LegKind.CUSTOMER).update(state=LegState.INVITED)
    enqueue_call(call, call.queue, now=now, boost_s=BOOST_S)
    order(call, DropLeg(ref_of(call), leg.pk, leg.external_id), now=now)
    order(call, ReturnCaller(ref_of(call)), now=now)


def _owe_wrap_up(call: Call, leg: CallLeg, now: datetime) -> None:
    leg.wrap_up_started_at = leg.wrap_up_ended_at = now
    leg.is_unclassified = True
    record_contact(call, leg, outcome=None)
    leg.save()


def agent_silent(agent_id: int, call: Call | None, offer: Offer | None, *, now: datetime) -> None:
    """Nobody sits at the agent's screen: what rings there rings elsewhere. A conversation has its own grace time."""
    if call is not None and call.state in BEING_DIALLED:
        end_call(call, by=Party.AGENT, reason=EndReason.LOST, outcome=CallOutcome.FAILED, now=now)
        presence.take_offline(agent_id)
    elif call is not None and offer is not None and offer.state in (OfferState.PENDING, OfferState.ACCEPTED):
        withdraw_offer(call, offer, OfferEnd.AGENT_OFFLINE, now=now)
    else:
        presence.take_offline(agent_id)


def join_failed(call: Call, *, now: datetime) -> None:
    """Accepted, but they never met in time (locked call in CONNECTING): the caller waits on at the old place."""
    offer = Offer.objects.filter(call=call).exclude(state=OfferState.CLOSED).first()
    if offer is None:
        end_call(call, by=Party.SYSTEM, reason=EndReason.NO_PROGRESS, outcome=CallOutcome.FAILED, now=now)
        return
    agent_was_there = CallLeg.objects.filter(offer=offer, joined_at__isnull=False, lost_at=None).exists()
    withdraw_offer(call, offer, OfferEnd.CANCELED if agent_was_there else OfferEnd.MEDIA_FAILED, now=now)


def broken_for_too_long(now: datetime) -> list[int]:
    """Ids of legs of live calls whose grace time is over, and of those that were invited and never came."""
    broken = CallLeg.objects.exclude(state=LegState.LEFT)
    agents = broken.filter(lost_at__lte=now - AGENT_GRACE, kind=LegKind.AGENT, call__state__in=IN_CONVERSATION)
    diallers = broken.filter(lost_at__lte=now - DIALLER_GRACE, kind=LegKind.AGENT, call__state__in=BEING_DIALLED)
    customers = broken.filter(lost_at__lte=now - CUSTOMER_GRACE, kind=LegKind.CUSTOMER)
    never_came = Q(state=LegState.INVITED, invited_at__lte=now - JOIN_WITHIN)
    staff = SIDE_LEGS - {LegKind.EXTERNAL}
    aside = broken.filter(never_came | Q(lost_at__lte=now - SIDE_GRACE), kind__in=staff)
    return [pk for legs in (agents, diallers, customers, aside) for pk in legs.values_list("pk", flat=True)]


def fallen_silent(now: datetime, providers: Iterable[str]) -> list[int]:
    """Ids of legs that should report themselves and do not any more."""
    legs = CallLeg.objects.filter(
        lost_at=None, last_seen_at__lt=now - SILENT_AFTER, call__provider__in=list(providers)
    ).exclude(state=LegState.LEFT)
    return list(legs.order_by(F("last_seen_at")).values_list("pk", flat=True))
