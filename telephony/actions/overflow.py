"""Overflow: a rule of the queue sends a waiting caller elsewhere, and the books say where to."""

from collections.abc import Callable
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext

from telephony.actions.callbacks import owe_callback
from telephony.actions.commands import order, ref_of
from telephony.actions.endings import end_call
from telephony.actions.forwarding import forward
from telephony.actions.menus import begin_flow
from telephony.actions.queueing import enqueue_call, leave_queue
from telephony.dial_rules import DialRefused
from telephony.effective_wait import HeadStart
from telephony.models import Call, OverflowRule, QueueEntry
from telephony.providers.base import HangUp, ReturnCaller
from telephony.queries.outside import outside_call
from telephony.queries.twilio_calls import spoken_language
from telephony.states import CallOutcome, CallState, EndReason, EntryEnd, OverflowTarget, Party


def flow_out(call: Call, rule: OverflowRule, *, now: datetime) -> bool:
    """Send a locked waiting call where the rule says; False when it waits there no more."""
    entry = QueueEntry.objects.filter(call=call, left_at=None, queue=rule.queue_id).first()
    if entry is None or call.state != CallState.QUEUED:
        return False
    return WAYS[OverflowTarget(rule.target)](call, rule, entry, now)


def _leave(call: Call, rule: OverflowRule, now: datetime) -> None:
    leave_queue(call, EntryEnd.OVERFLOWED, now=now, flowed_to=rule.target, to_queue=rule.to_queue)


def _into_flow(call: Call, rule: OverflowRule, entry: QueueEntry, now: datetime) -> bool:
    version = rule.to_flow.in_use if rule.to_flow else None
    if version is None:
        return False
    _leave(call, rule, now)
    begin_flow(call, version, now=now)
    order(call, ReturnCaller(ref_of(call)), now=now)
    return True


def _to_number(call: Call, rule: OverflowRule, entry: QueueEntry, now: datetime) -> bool:
    try:
        route = outside_call(call, rule.to_number)
    except DialRefused:
        return False
    _leave(call, rule, now)
    forward(call, route, now=now)
    return True


def _call_back(call: Call, rule: OverflowRule, entry: QueueEntry, now: datetime) -> bool:
    """The caller hears so, and keeps the place."""
    try:
        owe_callback(call, entry, now=now)
    except DialRefused:
        return False
    leave_queue(call, EntryEnd.CALLBACK, now=now, flowed_to=rule.target)
    language = spoken_language(call)
    with translation.override(language):
        usual = gettext("Thank you. We call you back on this number, and you keep your place. Goodbye.")
    words = _words_of(rule, language) or usual
    return _end(call, words, EndReason.CALLBACK, CallOutcome.CALLBACK, now)


def _wait_elsewhere(call: Call, rule: OverflowRule, entry: QueueEntry, now: datetime) -> bool:
    """The time waited so far counts on."""
    if rule.to_queue is None:
        return False
    _leave(call, rule, now)
    waited = round((now - entry.entered_at).total_seconds()) + entry.head_start.get(HeadStart.OVERFLOW, 0)
    return enqueue_call(call, rule.to_queue, now=now, boost_s=waited, came_by=HeadStart.OVERFLOW)


def _say_goodbye(call: Call, rule: OverflowRule, entry: QueueEntry, now: datetime) -> bool:
    _leave(call, rule, now)
    words = _words_of(rule, spoken_language(call))
    return _end(call, words, EndReason.OVERFLOW, CallOutcome.OVERFLOWED, now)


def _words_of(rule: OverflowRule, language: str) -> str:
    chinese = language.startswith("zh")
    return (rule.message_zh or rule.message) if chinese else (rule.message or rule.message_zh)


def _end(call: Call, words: str, reason: EndReason, outcome: CallOutcome, now: datetime) -> bool:
    if words:
        call.context = {**call.context, "farewell": words}
        call.save(update_fields=["context"])
    ended = end_call(
        call,
        by=Party.SYSTEM,
        reason=reason,
        outcome=outcome,
        now=now,
        tell_carrier=False,
    )
    if ended:
        order(call, HangUp(ref_of(call), farewell=bool(words)), now=now)
    return ended


WAYS: dict[OverflowTarget, Callable[[Call, OverflowRule, QueueEntry, datetime], bool]] = {
    OverflowTarget.QUEUE: _wait_elsewhere,
    OverflowTarget.FLOW: _into_flow,
    OverflowTarget.CALLBACK: _call_back,
    OverflowTarget.NUMBER: _to_number,
    OverflowTarget.HANG_UP: _say_goodbye,
}
