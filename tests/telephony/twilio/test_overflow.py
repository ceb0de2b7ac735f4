"""Callers in line whom a rule puts through to an outside number, or calls back, at the carrier."""

import pytest

from telephony.actions.transfers import transfer_to_queue
from telephony.models import Callback, CallLeg, OverflowRule, PhoneLine, QueueEntry
from telephony.states import CallOutcome, CallState, EndReason, EntryEnd, LegKind, OutsideEnd, OverflowTarget
from tests.fake_carrier.state import FakeCall
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import CUSTOMER, Line

PARTNER = "+442079460123"
OUR_LINE = "+862151008000"
DISORDER = [{}, {"copies": 2}, {"copies": 2, "shuffled": True, "late": 0.5}]


def overflowed(desk: Desk, line: Line, target: OverflowTarget, **more: str) -> FakeCall:
    """A caller who has waited a minute in a queue whose rule acts after it."""
    PhoneLine.objects.create(number=OUR_LINE, name="Main", queue=desk.queue)
    OverflowRule.objects.create(queue=desk.queue, when=OverflowRule.When.WAIT, limit=60, target=target, **more)
    caller = line.ring()
    desk.wait(61)
    line.settle(everything=True)
    return caller


@pytest.mark.parametrize("disorder", DISORDER)
def test_caller_is_put_through_and_the_call_ends_with_that_conversation(
    desk: Desk, make_line: MakeLine, disorder: dict[str, object]
) -> None:
    line = make_line(**disorder)
    caller = overflowed(desk, line, OverflowTarget.NUMBER, to_number=PARTNER)
    assert caller.dialled == PARTNER
    assert line.call(caller).state == CallState.FORWARDED
    assert QueueEntry.objects.get().flowed_to == OverflowTarget.NUMBER
    check(desk.moment)
    line.carrier.end_dialled(caller)
    line.settle(everything=True)
    call = line.call(caller)
    assert (call.state, call.outcome) == (CallState.ENDED, CallOutcome.FORWARDED)
    check(desk.moment)


@pytest.mark.parametrize("disorder", DISORDER)
@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_caller_whom_nobody_answers_has_the_place_again_and_is_put_through_once(
    desk: Desk, make_line: MakeLine, status: str, disorder: dict[str, object]
) -> None:
    line = make_line(**disorder)
    caller = overflowed(desk, line, OverflowTarget.NUMBER, to_number=PARTNER)
    line.carrier.end_dialled(caller, status)
    line.settle(everything=True)
    assert line.call(caller).state == CallState.QUEUED
    assert line.carrier.queue_of(caller) is not None
    first, second = QueueEntry.objects.order_by("pk")
    assert second.rank == first.entered_at
    assert CallLeg.objects.get(kind=LegKind.EXTERNAL).ended_as == OutsideEnd(status.replace("-", "_"))
    desk.wait(61)
    line.settle(everything=True)
    assert line.call(caller).state == CallState.QUEUED
    check(desk.moment)


def test_caller_who_was_passed_on_is_put_through_like_any_other(desk: Desk, line: Line) -> None:
    mei, second = desk.new_agent("mei"), desk.new_queue("second")
    OverflowRule.objects.create(queue=second, when="wait", limit=60, target=OverflowTarget.NUMBER, to_number=PARTNER)
    PhoneLine.objects.create(number=OUR_LINE, name="Main", queue=desk.queue)
    caller = line.ring()
    line.talk(mei, caller)
    desk.do(transfer_to_queue, line.call(caller).pk, second, by=mei)
    line.settle()
    desk.wait(61)
    line.settle()
    assert caller.dialled == PARTNER
    check(desk.moment)
    line.carrier.end_dialled(caller, "busy")
    line.settle()
    assert (line.call(caller).state, line.carrier.queue_of(caller) is not None) == (CallState.QUEUED, True)
    check(desk.moment)


def test_caller_who_hangs_up_while_put_through_is_gone_for_good(desk: Desk, line: Line) -> None:
    caller = overflowed(desk, line, OverflowTarget.NUMBER, to_number=PARTNER)
    line.caller_hangs_up(caller)
    assert (line.call(caller).state, line.call(caller).outcome) == (CallState.ENDED, CallOutcome.FORWARDED)
    check(desk.moment)


def test_rule_does_not_put_anybody_through_to_our_own_number(desk: Desk, line: Line) -> None:
    caller = overflowed(desk, line, OverflowTarget.NUMBER, to_number=OUR_LINE)
    assert line.call(caller).state == CallState.QUEUED


@pytest.mark.parametrize("disorder", DISORDER)
def test_caller_is_told_of_the_callback_and_keeps_the_place(
    desk: Desk, make_line: MakeLine, disorder: dict[str, object]
) -> None:
    line = make_line(**disorder)
    caller = overflowed(desk, line, OverflowTarget.CALLBACK)
    call = line.call(caller)
    assert (call.outcome, call.end_reason) == (CallOutcome.CALLBACK, EndReason.CALLBACK)
    assert caller.is_over and any("We call you back" in text or "回电" in text for text in caller.heard)
    entry = QueueEntry.objects.order_by("pk")[0]
    assert (entry.left_as, entry.flowed_to) == (EntryEnd.CALLBACK, OverflowTarget.CALLBACK)
    callback = Callback.objects.get()
    assert (callback.number, callback.entered_at) == (CUSTOMER, entry.entered_at)
    check(desk.moment)


def test_words_of_the_rule_are_said_instead(desk: Desk, line: Line) -> None:
    caller = overflowed(desk, line, OverflowTarget.CALLBACK, message="Ten minutes!", message_zh="Ten minutes!")
    assert "Ten minutes!" in caller.heard


def test_caller_without_a_number_waits_on(desk: Desk, line: Line) -> None:
    PhoneLine.objects.create(number=OUR_LINE, name="Main", queue=desk.queue)
    OverflowRule.objects.create(queue=desk.queue, when=OverflowRule.When.WAIT, limit=60, target=OverflowTarget.CALLBACK)
    caller = line.ring("anonymous")
    desk.wait(61)
    assert line.call(caller).state == CallState.QUEUED


def test_waits_in_other_queues_count_for_the_place_of_the_callback(desk: Desk, line: Line) -> None:
    second = desk.new_queue("second")
    PhoneLine.objects.create(number=OUR_LINE, name="Main", queue=desk.queue)
    wait = OverflowRule.When.WAIT
    OverflowRule.objects.create(queue=desk.queue, when=wait, limit=60, target=OverflowTarget.QUEUE, to_queue=second)
    OverflowRule.objects.create(queue=second, when=wait, limit=30, target=OverflowTarget.CALLBACK)
    line.ring()
    began = desk.moment
    desk.wait(60)
    desk.wait(30)
    assert Callback.objects.get().entered_at == began


def test_attempts_pause_and_hours_are_the_queues_own(desk: Desk, line: Line) -> None:
    desk.queue.callback_attempts, desk.queue.callback_gap_s, desk.queue.callback_window_h = 2, 120, 1
    desk.queue.save()
    overflowed(desk, line, OverflowTarget.CALLBACK)
    callback = Callback.objects.get()
    assert (callback.until - callback.created_at).total_seconds() == 3600
