"""The end of a call: sticky, once, with everything that hangs on it closed in the same transaction."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, Q

from telephony.actions.after_call import ask_after
from telephony.actions.announcements import announce_call
from telephony.actions.campaign_results import attempt_failed
from telephony.actions.commands import order, ref_of
from telephony.actions.contact_record import record_contact
from telephony.actions.departing import depart
from telephony.actions.missed import follow_up
from telephony.actions.offers import close_offer
from telephony.actions.owed_calls import attempt_ended
from telephony.actions.parked import owe_parked
from telephony.actions.parties import end_outside, free_aside, side_legs
from telephony.actions.queueing import leave_queue
from telephony.actions.recording import end_recording
from telephony.actions.transitions import move_call
from telephony.actions.wrap_up import begin_wrap_up
from telephony.flows.tree import NodeKind
from telephony.models import Call, CallHold, CallLeg, Offer, Voicemail
from telephony.providers.base import HangUp
from telephony.states import (
    BEING_DIALLED,
    IN_CONVERSATION,
    IN_ROOM,
    CallOutcome,
    CallState,
    EndReason,
    EntryEnd,
    LegKind,
    LegState,
    OfferEnd,
    OfferState,
    Party,
)

ENTRY_ENDS = {
    CallOutcome.ABANDONED: EntryEnd.ABANDONED,
    CallOutcome.OVERFLOWED: EntryEnd.OVERFLOWED,
    CallOutcome.FAILED: EntryEnd.CANCELED,
    CallOutcome.BUSY: EntryEnd.CANCELED,
    CallOutcome.NO_ANSWER: EntryEnd.CANCELED,
    CallOutcome.CANCELED: EntryEnd.CANCELED,
    CallOutcome.COMPLETED: EntryEnd.ANSWERED,
    CallOutcome.CALLBACK: EntryEnd.CALLBACK,
}
# What it means that a call ended at this place of its flow; elsewhere the caller gave up.
ENDS_OF_MENU: Mapping[str, CallOutcome] = {
    NodeKind.HANG_UP: CallOutcome.SELF_SERVED,
    NodeKind.NUMBER: CallOutcome.FORWARDED,
}


def end_call(
    call: Call,
    *,
    by: Party,
    reason: EndReason,
    now: datetime,
    outcome: CallOutcome | None = None,
    tell_carrier: bool = True,
) -> bool:
    """End a locked call; False when it had ended before. The outcome follows from the state unless it is given."""
    before = CallState(call.state)
    outcome = outcome or _outcome_of(call, by)
    ended = move_call(
        call,
        CallState.ENDED,
        now=now,
        deadline=None,
        outcome=outcome,
        end_reason=reason,
        hung_up_by=by,
        ended_at=now,
    )
    if not ended:
        return False
    leave_queue(call, ENTRY_ENDS.get(outcome, EntryEnd.CANCELED), now=now)
    aside = side_legs(call)
    agent_leg = close_legs(call, now=now)
    for offer in Offer.objects.filter(call=call).exclude(state=OfferState.CLOSED):
        connected, gone = offer.state == OfferState.CONNECTED, _gone(call)
        close_offer(offer, OfferEnd.COMPLETED if connected else gone, now=now)
    free_aside(call, aside)
    for leg in aside:
        if leg.kind == LegKind.EXTERNAL:
            end_outside(call, leg, now=now)
    _leave_work(call, agent_leg, before, now)
    if tell_carrier:
        order(call, HangUp(ref_of(call), farewell=ask_after(call, before, by, reason, now=now)), now=now)
    announce_call(call)
    return True


def _leave_work(call: Call, agent_leg: CallLeg | None, before: CallState, now: datetime) -> None:
    """What the end leaves to be done: a wrap-up, or to reach somebody who was not spoken to."""
    if before in IN_CONVERSATION:
        if agent_leg is not None:
            begin_wrap_up(call, agent_leg, now=now)
        return
    if agent_leg is not None and before in BEING_DIALLED:
        _record_attempt(call, agent_leg)
    if before == CallState.FORWARDED:
        return
    owe_parked(call, now=now)
    follow_up(call, now=now)
    attempt_ended(call, now=now)
    attempt_failed(call, now=now)


def _outcome_of(call: Call, by: Party) -> CallOutcome:
    if call.state == CallState.FORWARDED and call.answered_at is None:
        return CallOutcome.FORWARDED
    if call.state in IN_ROOM:
        return CallOutcome.COMPLETED
    if call.state == CallState.PARKED:
        return CallOutcome.ABANDONED
    if call.state == CallState.IVR:
        if Voicemail.objects.filter(call=call).exists():
            return CallOutcome.VOICEMAIL
        return ENDS_OF_MENU.get(call.menu.get("kind", ""), CallOutcome.IVR_ABANDON)
    if call.direction == Call.Direction.IN:
        return CallOutcome.ABANDONED
    given_up = call.state in BEING_DIALLED and by in (Party.AGENT, Party.SUPERVISOR)
    return CallOutcome.CANCELED if given_up else CallOutcome.FAILED


def _gone(call: Call) -> OfferEnd:
    return OfferEnd.CALLER_LEFT if call.direction == Call.Direction.IN else OfferEnd.CANCELED


def _record_attempt(call: Call, leg: CallLeg) -> None:
    """That we tried stands in the customer's history; with nobody to enter it at, the call's own row must do."""
    if call.ticket_id or call.contact_id or call.account_id:
        record_contact(call, leg, outcome=None)
        leg.save(update_fields=["interaction"])


def close_legs(call: Call, *, now: datetime, only: LegKind | None = None) -> CallLeg | None:
    """Let all legs leave (or those of one kind) with their times settled; the agent's leg that was open, if any."""
    legs = CallLeg.objects.filter(call=call).exclude(state=LegState.LEFT)
    agent_leg = None
    end_recording(call, now=now)
    for leg in legs.filter(kind=only) if only else legs:
        CallHold.objects.filter(leg=leg, ended_at=None).update(ended_at=now)
        depart(leg, now=now)
        if leg.kind == LegKind.AGENT:
            settle_times(call, leg)
            agent_leg = leg
        leg.save()
    return agent_leg


def settle_times(call: Call, leg: CallLeg) -> None:
    """Talk and hold seconds of an agent's leg that has left, from its moments."""
    if call.answered_at is None or leg.left_at is None or leg.joined_at is None:
        return
    held = CallHold.objects.filter(Q(ended_at__isnull=False), leg=leg).annotate(length=F("ended_at") - F("started_at"))
    leg.hold_seconds = round(sum(hold.length.total_seconds() for hold in held))
    talked = leg.left_at - max(call.answered_at, leg.joined_at)
    leg.talk_seconds = max(0, round(talked.total_seconds()) - leg.hold_seconds)
