"""Reconciling: calls of which nothing was heard for a while are looked up at their carrier."""

from datetime import timedelta

import structlog

from crmcore import clock
from telephony.actions.commands import ref_of
from telephony.actions.fold import fold
from telephony.models import Call
from telephony.providers.base import CallFinished, CarrierError
from telephony.providers.registry import provider_of
from telephony.states import CallState, EndReason, Party

log = structlog.get_logger(__name__)

QUIET_FOR = timedelta(seconds=60)
AT_ONCE = 100


def reconcile() -> int:
    """End what is over at the carrier and refresh the evidence of what is not; how many calls were ended."""
    now = clock.now()
    quiet = Call.objects.filter(last_evidence_at__lte=now - QUIET_FOR).exclude(state=CallState.ENDED)
    return sum(_look_up(call) for call in quiet.order_by("last_evidence_at")[:AT_ONCE])


def _look_up(call: Call) -> bool:
    try:
        is_live = provider_of(call.provider).is_live(ref_of(call))
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
