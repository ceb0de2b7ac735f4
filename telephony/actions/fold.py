"""Folding signals into calls: whatever comes twice, late or out of order, the same rows stand at the end."""

from datetime import datetime

import structlog
from django.db import transaction
from django.db.models import F

from crmcore import clock
from telephony.actions import foreign
from telephony.actions.calls import receive_call
from telephony.actions.consults import dismiss
from telephony.actions.dialling import customer_dialled, customer_rings
from telephony.actions.endings import end_call
from telephony.actions.evidence import record_signal, signal_of
from telephony.actions.foreign_progress import follow
from telephony.actions.joins import agent_joined, customer_joined, customer_leg, leg_lost
from telephony.actions.late_evidence import settle_ended
from telephony.actions.menus import follow_digits
from telephony.actions.outgoing import dial_failed
from telephony.actions.outside import follow_party
from telephony.actions.recording_fetch import hear_of_tape
from telephony.actions.roll_up import sum_again
from telephony.actions.transitions import lock_call_called
from telephony.actions.voicemail import take_voicemail
from telephony.models import Call, CallEvent, CallLeg
from telephony.providers.base import (
    AgentAnswered,
    AgentRang,
    CallerHungUp,
    CallFinished,
    DigitsEntered,
    Incoming,
    LegJoined,
    LegLeft,
    LegLost,
    Signal,
)
from telephony.providers.dialling import DialFailed, Dialled, Ringing
from telephony.providers.foreign_signals import ForeignSignal
from telephony.providers.messages import VoicemailLeft
from telephony.providers.outside import PartyDialled, PartyFailed
from telephony.providers.recording import Taped
from telephony.states import IN_CONVERSATION, SIDE_LEGS, CallState, EndReason, LegKind, LegState, Party

log = structlog.get_logger(__name__)


@transaction.atomic
def fold(signal: Signal) -> Call | None:
    """Take one signal in. The answer is its call, or None while the call itself has not been told."""
    now = clock.now()
    event = record_signal(signal, now=now)
    if event is None:
        return Call.objects.filter(provider=signal.provider, provider_call_id=signal.provider_call_id).first()
    if not isinstance(signal, Incoming):
        return fold_pending(signal.provider, signal.provider_call_id)
    call = receive_call(signal, now=now)
    _mark(event, call, now)
    _apply_pending(call, now)
    return call


@transaction.atomic
def fold_pending(provider: str, provider_call_id: str) -> Call | None:
    """Apply every stored signal of a call that waits: those that overtook its beginning, and carriers' answers."""
    call = lock_call_called(provider, provider_call_id)
    if call is not None:
        _apply_pending(call, clock.now())
    return call


def _apply_pending(call: Call, now: datetime) -> None:
    pending = CallEvent.objects.filter(provider=call.provider, provider_call_id=call.provider_call_id, applied_at=None)
    for event in pending.order_by(F("occurred_at").asc(nulls_last=True), "pk"):
        _mark(event, call, now)
        _apply(call, signal_of(event), now)


def _mark(event: CallEvent, call: Call, now: datetime) -> None:
    event.call, event.applied_at = call, now
    event.save(update_fields=["call", "applied_at"])
    if call.last_evidence_at < now:
        call.last_evidence_at = now
        call.save(update_fields=["last_evidence_at"])


def _apply(call: Call, signal: Signal, now: datetime) -> None:
    match signal:
        case CallerHungUp():
            end_call(call, by=Party.CUSTOMER, reason=EndReason.HANG_UP, now=now)
        case CallFinished(by=by, reason=reason):
            # Found out by ourselves: the others of the call may still sit in its room.
            found_out = reason == EndReason.RECONCILED
            end_call(call, by=Party(by), reason=EndReason(reason), now=now, tell_carrier=found_out)
        case LegJoined() | LegLeft() | LegLost() | PartyDialled() | PartyFailed():
            _apply_to_leg(call, signal, now)
        case DigitsEntered() | VoicemailLeft() | Taped():
            _apply_input(call, signal, now)
        case Dialled() | Ringing() | DialFailed():
            _apply_to_dialling(call, signal, now)
        case AgentRang(agent_id=agent_id):
            foreign.agent_rang(call, agent_id, now=now)
        case AgentAnswered(agent_id=agent_id):
            foreign.agent_answered(call, agent_id, now=now)
        case ForeignSignal():
            follow(call, signal, now=now)
    if call.state == CallState.ENDED:
        settle_ended(call)
        sum_again(call.started_at, now=now)


def _apply_input(call: Call, signal: DigitsEntered | VoicemailLeft | Taped, now: datetime) -> None:
    """What the caller pressed, and what was recorded."""
    match signal:
        case DigitsEntered():
            follow_digits(call, now=now)
        case VoicemailLeft():
            take_voicemail(call, signal, now=now)
        case Taped():
            hear_of_tape(call, signal, now=now)


def _apply_to_dialling(call: Call, signal: Dialled | Ringing | DialFailed, now: datetime) -> None:
    match signal:
        case Dialled(external_id=external_id):
            customer_dialled(call, external_id=external_id, now=now)
        case Ringing(external_id=external_id):
            customer_rings(call, external_id=external_id, now=now)
        case DialFailed(reason=reason):
            dial_failed(call, reason, now=now)


def _apply_to_leg(
    call: Call, signal: LegJoined | LegLeft | LegLost | PartyDialled | PartyFailed, now: datetime
) -> None:
    leg = _leg_of(call, signal.leg_id)
    if leg is None:
        log.warning("telephony.unknown_leg", call_id=call.pk, leg_id=signal.leg_id)
        return
    if leg.kind == LegKind.EXTERNAL:
        follow_party(call, leg, signal, now=now)
        return
    stale = _is_stale(leg, signal)
    match signal:
        case LegJoined(external_id=external_id) if signal.leg_id is None:
            customer_joined(call, now=now, external_id=external_id, stale=stale)
        case LegJoined(external_id=external_id):
            agent_joined(call, leg, now=now, external_id=external_id, stale=stale)
        case LegLeft() if signal.leg_id is None:
            end_call(call, by=Party.CUSTOMER, reason=EndReason.HANG_UP, now=now)
        case LegLeft():
            _agent_left(call, leg, now)
        case LegLost() if not stale:
            leg_lost(call, leg, now=now)


def _is_stale(leg: CallLeg, signal: Signal) -> bool:
    """Whether something newer is known about the leg, by the carrier's clock; notes the signal's time if not."""
    if signal.occurred_at is None:
        return False
    if leg.evidence_at is not None and signal.occurred_at < leg.evidence_at:
        return True
    leg.evidence_at = signal.occurred_at
    CallLeg.objects.filter(pk=leg.pk).update(evidence_at=signal.occurred_at)
    return False


def _agent_left(call: Call, leg: CallLeg, now: datetime) -> None:
    """The agent's party hung up. On the way into the call the deadline decides: the other signals may be late."""
    if leg.state == LegState.LEFT:
        return
    if leg.kind in SIDE_LEGS:
        dismiss(call, leg, now=now)
    elif call.state in IN_CONVERSATION and leg.agent_id == call.agent_id:
        end_call(call, by=Party.AGENT, reason=EndReason.HANG_UP, now=now)
    else:
        leg_lost(call, leg, now=now)


def _leg_of(call: Call, leg_id: int | None) -> CallLeg | None:
    if leg_id is None:
        return customer_leg(call)
    return CallLeg.objects.filter(call=call, pk=leg_id).first()
