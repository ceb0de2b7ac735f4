"""Evidence that comes after the end: it cannot revive the call, but it corrects what the row says about it."""

from django.db.models import F

from telephony.actions.endings import settle_times
from telephony.actions.missed import settle_missed
from telephony.actions.owed_calls import settle_callbacks
from telephony.models import Call, CallEvent, CallLeg, Offer, QueueEntry
from telephony.providers.base import CallerHungUp, CallFinished, LegLeft
from telephony.states import CallOutcome, EndReason, EntryEnd, LegKind, OfferEnd, Party

UNANSWERED = frozenset({CallOutcome.ABANDONED, CallOutcome.FAILED, CallOutcome.NO_ANSWER, CallOutcome.CANCELED})
NOT_ANSWERED = frozenset({EntryEnd.ABANDONED, EntryEnd.CANCELED})
LEAVINGS = (CallerHungUp.kind, LegLeft.kind, CallFinished.kind)


def settle_ended(call: Call) -> None:
    """Let a locked, ended call say what all its evidence says together, whatever came first."""
    _settle_answer(call)
    # An outside party that is left alone, or let go, leaves as well: that says nothing about who hung up.
    if call.end_reason == EndReason.HANG_UP and call.hung_up_by != Party.OUTSIDE:
        _settle_who_hung_up(call)


def _settle_answer(call: Call) -> None:
    """Both parties had joined though the end was told first: it was a conversation, and its wrap-up is still owed.

    An agent who had left before the end did not speak to the caller at the end.
    """
    if call.answered_at is not None or call.outcome not in UNANSWERED or call.ended_at is None:
        return
    customer = CallLeg.objects.get(call=call, kind=LegKind.CUSTOMER)
    there = CallLeg.objects.filter(call=call, kind=LegKind.AGENT, joined_at__isnull=False, left_at=call.ended_at)
    leg = there.order_by("pk").last()
    if customer.joined_at is None or leg is None or leg.agent_id is None:
        return
    call.answered_at, call.outcome, call.agent_id = call.ended_at, CallOutcome.COMPLETED, leg.agent_id
    call.save(update_fields=["answered_at", "outcome", "agent"])
    QueueEntry.objects.filter(call=call, left_as__in=NOT_ANSWERED).update(left_as=EntryEnd.ANSWERED)
    Offer.objects.filter(leg=leg).update(end_reason=OfferEnd.COMPLETED, connected_at=call.ended_at)
    settle_missed(call, now=call.ended_at)
    settle_callbacks(call, now=call.ended_at)
    settle_times(call, leg)
    leg.wrap_up_started_at = leg.wrap_up_ended_at = call.ended_at
    leg.is_unclassified = True
    leg.save()


def _settle_who_hung_up(call: Call) -> None:
    """Whoever left first by the carrier's own clock."""
    outside = set(CallLeg.objects.filter(call=call, kind=LegKind.EXTERNAL).values_list("pk", flat=True))
    events = CallEvent.objects.filter(call=call, kind__in=LEAVINGS)
    in_order = events.order_by(F("occurred_at").asc(nulls_last=True), "pk")
    first = next((event for event in in_order if event.payload.get("leg_id") not in outside), None)
    if first is not None and (party := _party(first)) != call.hung_up_by:
        call.hung_up_by = party
        call.save(update_fields=["hung_up_by"])


def _party(event: CallEvent) -> str:
    if event.kind == CallFinished.kind:
        return str(event.payload.get("by", Party.CARRIER))
    return Party.AGENT if event.kind == LegLeft.kind and event.payload.get("leg_id") else Party.CUSTOMER
