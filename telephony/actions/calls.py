"""A call's life between its arrival and its end, as people and carriers drive it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from crmcore import clock, phone_numbers
from crmcore.actions import audit
from crmcore.models import Queue, User
from telephony.actions.announcements import announce_call
from telephony.actions.endings import end_call
from telephony.actions.identity import identify
from telephony.actions.joins import open_agent_leg
from telephony.actions.menus import begin_flow
from telephony.actions.parties import arrange, count_hold, put_on_hold
from telephony.actions.queueing import enqueue_call, enter_queue
from telephony.actions.transitions import LONGEST_CALL, MovedOn, lock_call_for, move_call, waiting_deadline
from telephony.models import Call, CallLeg
from telephony.providers.base import Incoming
from telephony.providers.registry import provider_of
from telephony.queries.flows import flow_of
from telephony.queries.lines import default_queue, line_for
from telephony.states import CallState, EndReason, LegKind, Party

SETTLE_WITHIN = timedelta(seconds=120)


@transaction.atomic
def receive_call(signal: Incoming, *, now: datetime) -> Call:
    """The row of a call that has reached us, identified and waiting in its queue. Told twice, it is one call."""
    call = Call(provider=signal.provider, provider_call_id=signal.provider_call_id, **_facts(signal, now))
    try:
        with transaction.atomic():
            call.save(force_insert=True)
    except IntegrityError:
        return Call.objects.select_for_update().get(provider=signal.provider, provider_call_id=signal.provider_call_id)
    CallLeg.objects.create(call=call, kind=LegKind.CUSTOMER, invited_at=now, last_seen_at=now)
    identify(call, now=now)
    capabilities = provider_of(call.provider).capabilities
    queue = _queue_of(call)
    if call.direction != Call.Direction.IN or not capabilities.distributes:
        _wait_elsewhere(call, queue, now)
    elif capabilities.can_ask and not call.context.get("queue_id") and (version := flow_of(call)):
        begin_flow(call, version, now=now)
    else:
        enqueue_call(call, queue, now=now)
    return call


def _facts(signal: Incoming, now: datetime) -> dict[str, object]:
    incoming = signal.direction != Call.Direction.OUT
    line = line_for(signal.to_number if incoming else signal.from_number)
    region = (line.region if line else "") or str(signal.context.get("region", "")) or settings.DEFAULT_PHONE_REGION
    return {
        "direction": Call.Direction.IN if incoming else Call.Direction.OUT,
        "from_raw": signal.from_number[:120],
        "from_e164": phone_numbers.normalise(signal.from_number, region).value[:20],
        "to_raw": signal.to_number[:120],
        "to_e164": phone_numbers.normalise(signal.to_number, region).value[:20],
        "line": line,
        "context": dict(signal.context),
        "priority_s": int(signal.context.get("priority_s", 0)),
        "is_demo": bool(signal.context.get("is_demo", False)),
        "started_at": now,
        "state_since": now,
        "state_deadline": now + SETTLE_WITHIN,
        "last_evidence_at": now,
    }


def _queue_of(call: Call) -> Queue:
    """The queue that was asked for, else the line's, else the desk's default."""
    if wanted := call.context.get("queue_id"):
        queue = Queue.objects.filter(pk=wanted, is_active=True).first()
        if queue is not None:
            return queue
    return call.line.queue if call.line else default_queue()


def _wait_elsewhere(call: Call, queue: Queue, now: datetime) -> None:
    """A foreign exchange distributes the call: we count its wait, but never offer it ourselves."""
    call.queue, call.state_deadline = queue, waiting_deadline(call, now)
    if call.direction == Call.Direction.IN:
        call.queued_at = now
        enter_queue(call, queue, now=now)
    call.save(update_fields=["queue", "queued_at", "state_deadline"])
    announce_call(call)


@transaction.atomic
def hang_up(call_id: int, *, by: User) -> Call:
    """End the call from the desk; ending an ended call changes nothing."""
    call = lock_call_for(call_id, by)
    party = Party.AGENT if call.agent_id == by.pk else Party.SUPERVISOR
    if end_call(call, by=party, reason=EndReason.DESK, now=clock.now()) and party == Party.SUPERVISOR:
        audit.record("call.ended", call, by=by)
    return call


@transaction.atomic
def hold_call(call_id: int, *, by: User) -> Call:
    """Put the customer on hold; again is no change. Raises MovedOn outside of a conversation."""
    call = lock_call_for(call_id, by)
    leg = open_agent_leg(call)
    if call.state == CallState.HELD:
        return call
    if call.state != CallState.TALKING or leg is None or not provider_of(call.provider).capabilities.can_hold:
        raise MovedOn(call.state)
    now = clock.now()
    move_call(call, CallState.HELD, now=now, deadline=now + LONGEST_CALL)
    put_on_hold(call, True, only=LegKind.CUSTOMER)
    count_hold(call, leg, now=now)
    arrange(call, now=now)
    return call


@transaction.atomic
def resume_call(call_id: int, *, by: User) -> Call:
    """Take the customer off hold; again is no change. Raises MovedOn outside of a conversation."""
    call = lock_call_for(call_id, by)
    if call.state == CallState.TALKING:
        return call
    if call.state != CallState.HELD:
        raise MovedOn(call.state)
    now = clock.now()
    move_call(call, CallState.TALKING, now=now, deadline=now + LONGEST_CALL)
    put_on_hold(call, False)
    count_hold(call, None, now=now)
    arrange(call, now=now)
    return call
