"""Rules by which a queue sends callers elsewhere."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crmcore.models import Queue
from telephony.actions.fold import fold
from telephony.models import Call, CallFlow, FlowVersion, OverflowRule, PhoneLine, QueueEntry
from telephony.overflow_rules import Rule, Standing, rule_for
from telephony.providers.base import DigitsEntered, HangUp, Incoming
from telephony.states import CallOutcome, CallState, EndReason, EntryEnd, OverflowTarget
from tests.telephony.carriers import QuietCarrier
from tests.telephony.desk import Desk
from tests.telephony.flows import trees

When = OverflowRule.When
TO_SECOND = Rule(1, When.WAIT, 60, OverflowTarget.QUEUE, to_queue=2)


def standing(**facts: Any) -> Standing:
    return Standing(**({"waited_s": 0.0, "place": 1, "agents_logged_in": 1} | facts))


@pytest.mark.parametrize(
    ("when", "limit", "facts", "holds"),
    [
        (When.WAIT, 60, {"waited_s": 59.9}, False),
        (When.WAIT, 60, {"waited_s": 60.0}, True),
        (When.LENGTH, 3, {"place": 3}, False),
        (When.LENGTH, 3, {"place": 4}, True),
        (When.NO_AGENT, 0, {"agents_logged_in": 1}, False),
        (When.NO_AGENT, 0, {"agents_logged_in": 0}, True),
    ],
)
def test_rule_holds_from_its_limit(when: str, limit: int, facts: dict[str, float], holds: bool) -> None:
    rule = Rule(1, when, limit, OverflowTarget.HANG_UP)
    assert (rule_for([rule], standing(**facts)) == rule) == holds


def test_first_rule_that_holds_acts() -> None:
    late, empty = TO_SECOND, Rule(2, When.NO_AGENT, 0, OverflowTarget.HANG_UP)
    assert rule_for([late, empty], standing(waited_s=70, agents_logged_in=0)) == late
    assert rule_for([late, empty], standing(waited_s=10, agents_logged_in=0)) == empty


def test_nobody_is_sent_back_to_a_queue_he_came_from() -> None:
    assert rule_for([TO_SECOND], standing(waited_s=70, seen={2})) is None


def rule(queue: Queue, when: str, limit: int = 0, **target: Any) -> OverflowRule:
    facts = {"target": OverflowTarget.QUEUE if "to_queue" in target else OverflowTarget.HANG_UP} | target
    return OverflowRule.objects.create(queue=queue, when=when, limit=limit, **facts)


def test_caller_who_waited_too_long_waits_on_elsewhere_with_the_time_so_far(desk: Desk) -> None:
    second = desk.new_queue("second")
    rule(desk.queue, When.WAIT, 60, to_queue=second)
    call = desk.call()
    desk.wait(59)
    assert desk.again(call).queue == desk.queue
    desk.wait(1)
    assert (desk.again(call).queue, desk.again(call).state) == (second, CallState.QUEUED)
    first, now = QueueEntry.objects.filter(call=call).order_by("pk")
    assert (first.left_as, first.flowed_to, first.flowed_to_queue) == (EntryEnd.OVERFLOWED, "queue", second)
    assert (now.head_start, now.rank) == ({"overflow": 60}, first.entered_at)


def test_free_agent_of_the_other_queue_gets_the_call_at_once(desk: Desk) -> None:
    second = desk.new_queue("second")
    rule(desk.queue, When.WAIT, 10, to_queue=second)
    mei = desk.new_agent("mei", second)
    call = desk.call()
    desk.wait(10)
    assert desk.last_offer(call).agent == mei


def test_only_those_at_the_end_of_a_long_line_flow_out(desk: Desk) -> None:
    second = desk.new_queue("second")
    rule(desk.queue, When.LENGTH, 2, to_queue=second)
    calls = [desk.call() for _ in range(4)]
    desk.wait(1)
    assert [desk.again(call).queue == second for call in calls] == [False, False, True, True]


def test_queue_without_agents_sends_callers_on_and_one_with_agents_does_not(desk: Desk) -> None:
    second = desk.new_queue("second")
    rule(desk.queue, When.NO_AGENT, to_queue=second)
    call = desk.call()
    desk.wait(1)
    assert desk.again(call).queue == second
    desk.new_agent("mei")
    desk.talk(desk.call())
    later = desk.call()
    desk.wait(1)
    assert desk.again(later).queue == desk.queue


def test_two_queues_do_not_play_ball(desk: Desk) -> None:
    second = desk.new_queue("second")
    rule(desk.queue, When.NO_AGENT, to_queue=second)
    rule(second, When.NO_AGENT, to_queue=desk.queue)
    call = desk.call()
    for _ in range(4):
        desk.wait(1)
    assert desk.again(call).queue == second
    assert QueueEntry.objects.filter(call=call).count() == 2


def test_message_and_hang_up_is_a_flow_out_not_an_abandon(desk: Desk) -> None:
    rule(desk.queue, When.WAIT, 30, message="Please write to us.", message_zh="请给我们留言。")
    call = desk.call()
    desk.wait(30)
    call = desk.again(call)
    assert (call.outcome, call.end_reason) == (CallOutcome.OVERFLOWED, EndReason.OVERFLOW)
    assert call.context["farewell"] == "Please write to us."
    entry = QueueEntry.objects.get(call=call)
    assert (entry.left_as, entry.flowed_to) == (EntryEnd.OVERFLOWED, "hang_up")
    sent = [command for command in QuietCarrier.sent if isinstance(command, HangUp)]
    assert [command.farewell for command in sent] == [True]


def flow_of(desk: Desk, tree: dict[str, Any]) -> CallFlow:
    flow = CallFlow.objects.create(name="Nobody there")
    FlowVersion.objects.create(flow=flow, number=1, tree=tree, changed_at=desk.moment, published_at=desk.moment)
    return flow


def test_caller_is_led_into_a_call_flow_and_a_flow_back_is_taken_once(desk: Desk) -> None:
    tree = trees.tree("ask", ask=trees.menu(key1="line", key2="bye"), line=trees.queue(), bye=trees.hang_up())
    rule(desk.queue, When.WAIT, 30, target=OverflowTarget.FLOW, to_flow=flow_of(desk, tree))
    call = desk.call(provider="asking")
    desk.wait(30)
    assert (desk.again(call).state, desk.again(call).menu["node"]) == (CallState.IVR, "ask")
    entry = QueueEntry.objects.get(call=call)
    assert (entry.left_as, entry.flowed_to) == (EntryEnd.OVERFLOWED, "flow")
    names = {"provider": "asking", "provider_call_id": call.provider_call_id}
    desk.do(fold, DigitsEntered(**names, token="key", turn=desk.again(call).menu["turn"], digits="1"))
    assert desk.again(call).state == CallState.QUEUED
    desk.wait(60)
    assert desk.again(call).state == CallState.QUEUED


def test_answers_given_in_an_earlier_flow_count_for_nothing_in_the_next(desk: Desk) -> None:
    first = flow_of(desk, trees.tree("ask", ask=trees.menu(key1="line"), line=trees.queue()))
    PhoneLine.objects.create(number="+862151008000", name="Main", queue=desk.queue, flow=first)
    rule(desk.queue, When.WAIT, 30, target=OverflowTarget.FLOW, to_flow=first)
    names: dict[str, Any] = {"provider": "asking", "provider_call_id": "twice"}
    desk.do(fold, Incoming(**names, token="in", from_number="+8613800138000", to_number="+862151008000"))
    desk.do(fold, DigitsEntered(**names, token="key", turn=0, digits="1"))
    desk.wait(30)
    call = Call.objects.get(provider_call_id="twice")
    assert (call.state, call.menu["turn"]) == (CallState.IVR, 2)


def test_carrier_that_cannot_ask_keeps_its_caller_in_line(desk: Desk) -> None:
    rule(desk.queue, When.WAIT, 30, target=OverflowTarget.FLOW, to_flow=flow_of(desk, trees.tree("q", q=trees.queue())))
    call = desk.call()
    desk.wait(30)
    assert desk.again(call).state == CallState.QUEUED


def test_caller_who_rings_somewhere_does_not_flow_out(desk: Desk) -> None:
    rule(desk.queue, When.WAIT, 10)
    desk.new_agent("mei")
    call = desk.call()
    desk.wait(12)
    assert desk.again(call).state == CallState.OFFERING


def test_rule_to_the_same_queue_is_refused(desk: Desk) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        rule(desk.queue, When.WAIT, 10, to_queue=desk.queue)
