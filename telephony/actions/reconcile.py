"""Reconciling: calls of which nothing was heard for a while are looked up at their carrier."""

from collections.abc import Collection
from datetime import datetime, timedelta

import structlog

from crmcore import clock
from telephony.actions.commands import ref_of
from telephony.actions.fold import fold
from telephony.models import Call, CallLeg
from telephony.providers.attendance import KeepsAttendance
from telephony.providers.base import CallFinished, CarrierError, LegLost
from telephony.providers.outside import LooksAfterParties
from telephony.providers.registry import provider_of
from telephony.states import IN_CONVERSATION, CallState, EndReason, LegKind, LegState, Party

log = structlog.get_logger(__name__)

# With a look each ten seconds, nobody is thought to be on the line for a minute after they hung up.
QUIET_FOR = timedelta(seconds=45)
AT_ONCE = 100


def reconcile() -> int:
    """End what is over at the carrier and refresh the evidence of what is not; how many calls were ended."""
    now = clock.now()
    _look_after_parties(now)
    quiet = Call.objects.filter(last_evidence_at__lte=now - QUIET_FOR).exclude(state=CallState.ENDED)
    return sum(_look_up(call) for call in quiet.order_by("last_evidence_at")[:AT_ONCE])


def _look_after_parties(now: datetime) -> None:
    """Outside numbers of which nothing was heard for a while: whoever rings, talks or has gone without our knowing."""
    legs = CallLeg.objects.filter(kind=LegKind.EXTERNAL, last_seen_at__lte=now - QUIET_FOR).exclude(state=LegState.LEFT)
    # Who was put through from the line is not in a room of ours: the caller's own call tells its end.
    legs = legs.exclude(call__state=CallState.FORWARDED, call__agent=None)
    for leg in legs.select_related("call").order_by("last_seen_at")[:AT_ONCE]:
        carrier = provider_of(leg.call.provider)
        if not isinstance(carrier, LooksAfterParties):
            continue
        try:
            signal = carrier.party_now(ref_of(leg.call), leg.pk, leg.external_id)
        except CarrierError as error:
            log.warning("telephony.reconcile_failed", call_id=leg.call_id, error=str(error))
            continue
        CallLeg.objects.filter(pk=leg.pk).update(last_seen_at=now)
        if signal is not None:
            fold(signal)


def _look_up(call: Call) -> bool:
    provider = provider_of(call.provider)
    present = list(CallLeg.objects.filter(call=call, state=LegState.JOINED, lost_at=None, agent__isnull=False))
    try:
        is_live = provider.is_live(ref_of(call))
        if is_live and call.state in IN_CONVERSATION and isinstance(provider, KeepsAttendance):
            _miss(present, provider.legs_in_room(ref_of(call)))
    except CarrierError as error:
        log.warning("telephony.reconcile_failed", call_id=call.pk, error=str(error))
        return False
    if is_live is None:
        return False
    if is_live:
        Call.objects.filter(pk=call.pk).update(last_evidence_at=clock.now())
        return False
    log.warning("telephony.reconciled", call_id=call.pk, provider=call.provider)
    fold(
        CallFinished(
            provider=call.provider,
            provider_call_id=call.provider_call_id,
            token=f"reconcile:{call.public_id}",
            by=Party.CARRIER,
            reason=EndReason.RECONCILED,
        )
    )
    return True


def _miss(legs: list[CallLeg], in_room: Collection[int]) -> None:
    """Nobody told that these have left the room: their grace time begins."""
    for leg in legs:
        if leg.pk not in in_room:
            log.warning("telephony.leg_missed", call_id=leg.call_id, leg_id=leg.pk)
            token = f"reconcile:{leg.pk}:{leg.external_id}"
            call = leg.call
            fold(LegLost(provider=call.provider, provider_call_id=call.provider_call_id, token=token, leg_id=leg.pk))
