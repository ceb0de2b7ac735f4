"""Overflow: a rule of the queue sends a waiting caller elsewhere, and the books say where to."""

from datetime import datetime

from telephony.actions.commands import order, ref_of
from telephony.actions.endings import end_call
from telephony.actions.menus import begin_flow
from telephony.actions.queueing import enqueue_call, leave_queue
from telephony.effective_wait import HeadStart
from telephony.models import Call, OverflowRule, QueueEntry
from telephony.providers.base import HangUp, ReturnCaller
from telephony.queries.twilio_calls import spoken_language
from telephony.states import CallOutcome, CallState, EndReason, EntryEnd, OverflowTarget, Party


def flow_out(call: Call, rule: OverflowRule, *, now: datetime) -> bool:
    """Send a locked waiting call where the rule says; False when it waits there no more."""
    entry = QueueEntry.objects.filter(call=call, left_at=None, queue=rule.queue_id).first()
    if entry is None or call.state != CallState.QUEUED:
        return False
    version = rule.to_flow.in_use if rule.to_flow else None
    if rule.target == OverflowTarget.FLOW and version is None:
        return False
    leave_queue(call, EntryEnd.OVERFLOWED, now=now, flowed_to=rule.target, to_queue=rule.to_queue)
    match rule.target:
        case OverflowTarget.QUEUE:
            return _wait_elsewhere(call, rule, entry, now)
        case OverflowTarget.FLOW if version is not None:
            begin_flow(call, version, now=now)
            order(call, ReturnCaller(ref_of(call)), now=now)
            return True
        case OverflowTarget.HANG_UP:
            return _say_goodbye(call, rule, now)
    return False


def _wait_elsewhere(call: Call, rule: OverflowRule, entry: QueueEntry, now: datetime) -> bool:
    """The time waited so far counts on."""
    assert rule.to_queue is not None
    waited = round((now - entry.entered_at).total_seconds()) + entry.head_start.get(HeadStart.OVERFLOW, 0)
    return enqueue_call(call, rule.to_queue, now=now, boost_s=waited, came_by=HeadStart.OVERFLOW)


def _say_goodbye(call: Call, rule: OverflowRule, now: datetime) -> bool:
    chinese = spoken_language(call).startswith("zh")
    words = (rule.message_zh or rule.message) if chinese else (rule.message or rule.message_zh)
    if words:
        call.context = {**call.context, "farewell": words}
        call.save(update_fields=["context"])
    ended = end_call(
        call,
        by=Party.SYSTEM,
        reason=EndReason.OVERFLOW,
        outcome=CallOutcome.OVERFLOWED,
        now=now,
        tell_carrier=False,
    )
    if ended:
        order(call, HangUp(ref_of(call), farewell=bool(words)), now=now)
    return ended
