"""Callers in a flow: signals alone move them, in any order and any number of times."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmcore.models import Account, Calendar, CalendarVersion, NumberSequence
from telephony.actions.fold import fold
from telephony.models import Call, CallFlow, FlowVersion, PhoneLine, QueueEntry
from telephony.providers.base import CallerHungUp, DigitsEntered, Incoming, Signal
from telephony.states import CallOutcome, CallState, EndReason, Party
from tests.telephony.desk import Desk
from tests.telephony.flows.conftest import NUMBER, Publish
from tests.telephony.flows.trees import hang_up, menu, message, queue, says, tree, whole
from tests.telephony.invariants import check

NAMES: dict[str, Any] = {"provider": "asking", "provider_call_id": "the-call"}
SIMPLE = tree(
    "menu",
    menu=menu(key1="line", key2="more", timeout="line", wrong="bye"),
    more=menu("More", key1="bye", key2="line", timeout="bye", wrong="bye"),
    line=queue(),
    bye=hang_up(),
)


def digits(turn: int, keys: str, token: str = "") -> DigitsEntered:
    return DigitsEntered(**NAMES, token=token or f"{turn}:{keys}", turn=turn, digits=keys)


def ring(desk: Desk, **more: Any) -> Call:
    signal = Incoming(**NAMES, token="in", from_number="+8613800138000", to_number=NUMBER, context=more)
    call = desk.do(fold, signal)
    assert call is not None
    return desk.again(call)


def test_call_to_a_line_with_a_flow_stands_in_the_menu(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    desk.new_agent("mei")
    call = ring(desk)
    assert (call.state, call.menu["node"]) == (CallState.IVR, "menu")
    assert not QueueEntry.objects.filter(call=call).exists()
    assert desk.offer(call) is None


def test_key_leads_to_the_queue_and_an_agent_is_rung(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    desk.new_agent("mei")
    call = ring(desk)
    desk.do(fold, digits(0, "1"))
    desk.do(lambda: None)
    assert desk.again(call).state == CallState.OFFERING
    assert QueueEntry.objects.get(call=call).queue == desk.queue
    check(desk.moment)


def test_call_to_a_line_without_a_flow_waits_at_once(desk: Desk) -> None:
    PhoneLine.objects.create(number=NUMBER, name="Main", queue=desk.queue)
    assert ring(desk).state == CallState.QUEUED


def test_call_to_nobodys_number_waits_in_the_default_queue(desk: Desk) -> None:
    assert ring(desk).state == CallState.QUEUED


def test_unpublished_flow_is_not_in_use(desk: Desk, publish: Publish) -> None:
    line = publish(SIMPLE)
    assert line.flow is not None
    line.flow.versions.update(published_at=None)
    assert ring(desk).state == CallState.QUEUED


def test_carrier_that_cannot_ask_goes_past_the_flow(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    assert desk.call(provider="quiet", to=NUMBER).state == CallState.QUEUED


def test_queue_that_was_asked_for_goes_past_the_flow(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    sales = desk.new_queue("sales")
    assert ring(desk, queue_id=sales.pk).queue == sales


def test_hang_up_in_the_menu_is_no_abandoned_wait(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    call = desk.hangs_up(ring(desk))
    assert (call.state, call.outcome) == (CallState.ENDED, CallOutcome.IVR_ABANDON)
    assert not QueueEntry.objects.filter(call=call).exists()


def test_silence_counts_when_its_time_is_over(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    call = ring(desk)
    desk.wait(60)
    assert desk.again(call).menu["remark"] == "timeout"
    desk.wait(60)
    assert desk.again(call).state == CallState.QUEUED


def test_last_words_end_the_call(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    call = ring(desk)
    desk.do(fold, digits(0, "9"))
    desk.do(fold, digits(1, "9"))
    assert desk.again(call).menu["node"] == "bye"
    desk.wait(30)
    ended = desk.again(call)
    assert (ended.outcome, ended.hung_up_by, ended.end_reason) == (
        CallOutcome.SELF_SERVED,
        Party.SYSTEM,
        EndReason.DESK,
    )


def test_closed_hours_of_the_calendar_are_kept(desk: Desk, publish: Publish) -> None:
    office = Calendar.objects.create(code="office", name="Office")
    CalendarVersion.objects.create(
        calendar=office,
        number=1,
        time_zone="Asia/Shanghai",
        weekly={"mon": [["09:00", "18:00"]]},
        overrides=[{"date": "2026-03-09", "kind": "closed"}],
        effective_from=datetime(2020, 1, 1, tzinfo=UTC),
        published_at=datetime(2020, 1, 1, tzinfo=UTC),
    )
    publish(
        tree(
            "hours",
            hours={"kind": "hours", "calendar": "office", "exits": {"open": "line", "closed": "sorry"}},
            line=queue(),
            sorry=message("We are closed", "bye"),
            bye=hang_up(),
        )
    )
    assert ring(desk).state == CallState.QUEUED
    desk.moment += timedelta(days=7)
    signal = Incoming(provider="asking", provider_call_id="on a holiday", token="b", from_number="", to_number=NUMBER)
    call = desk.do(fold, signal)
    assert call is not None and call.menu["node"] == "bye"


def test_customer_number_names_the_customer_and_the_grade_gives_a_head_start(desk: Desk, publish: Publish) -> None:
    account = Account.objects.create(code="C-77", name="Port Ellery", grade="A", created_at=desk.moment)
    publish(
        tree(
            "ask",
            ask={
                "kind": "collect",
                "what": "customer",
                "prompt": says("Your number"),
                "exits": {"found": "grade", "not_found": "line"},
            },
            grade={"kind": "grade", "boosts": {"A": 300}, "exits": {"next": "line"}},
            line=queue(),
        )
    )
    NumberSequence.objects.get_or_create(key="account", defaults={"prefix": "C-"})
    call = ring(desk)
    desk.do(fold, digits(0, "77"))
    call = desk.again(call)
    assert call.account == account
    assert QueueEntry.objects.get(call=call).priority_s == 300


def test_key_pressed_before_the_call_was_told_is_not_lost(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    assert desk.do(fold, digits(0, "1")) is None
    assert ring(desk).state == CallState.QUEUED


def test_answer_to_an_earlier_question_changes_nothing(desk: Desk, publish: Publish) -> None:
    publish(SIMPLE)
    call = ring(desk)
    desk.do(fold, digits(0, "2", "a"))
    desk.do(fold, digits(0, "1", "b"))
    assert desk.again(call).menu["node"] == "more"


def stand(call: Call) -> tuple[object, ...]:
    call.refresh_from_db()
    return call.state, call.outcome, call.menu.get("node"), call.menu.get("turn"), call.queue_id


def told(desk: Desk, signals: list[Signal]) -> tuple[object, ...]:
    """Where the call stands after these signals; then everything is undone."""
    with transaction.atomic():
        for signal in signals:
            desk.do(fold, signal)
        check(desk.moment)
        found = stand(Call.objects.get(provider="asking"))
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("hangs_up", [False, True])
def test_every_order_of_keys_leads_to_the_same_place(desk: Desk, publish: Publish, hangs_up: bool) -> None:
    publish(SIMPLE)
    incoming = Incoming(**NAMES, token="in", from_number="", to_number=NUMBER)
    keys: list[Signal] = [digits(0, "2"), digits(1, "9"), digits(2, "2")]
    expected = told(desk, [incoming, *keys])
    assert expected[0] == CallState.QUEUED
    for order in permutations([incoming, *keys]):
        assert told(desk, list(order)) == expected
    if hangs_up:
        bye = CallerHungUp(**NAMES, token="bye")
        for order in permutations([incoming, *keys]):
            assert told(desk, [*order, bye])[:2] == (CallState.ENDED, CallOutcome.ABANDONED)


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_repeated_and_shuffled_keys_change_nothing(desk: Desk, data: st.DataObject) -> None:
    if not PhoneLine.objects.exists():
        line_of(desk)
    incoming: Signal = Incoming(**NAMES, token="in", from_number="", to_number=NUMBER)
    entered = data.draw(st.lists(st.sampled_from(["1", "2", "9", ""]), max_size=4))
    signals = [incoming, *(digits(turn, keys) for turn, keys in enumerate(entered))]
    shuffled = data.draw(st.permutations(signals + signals[: data.draw(st.integers(0, 5))]))
    assert told(desk, list(shuffled)) == told(desk, signals)


def line_of(desk: Desk) -> None:
    flow = CallFlow.objects.create(name="Main")
    FlowVersion.objects.create(flow=flow, number=1, tree=SIMPLE, changed_at=desk.moment, published_at=desk.moment)
    PhoneLine.objects.create(number=NUMBER, name="Main", queue=desk.queue, flow=flow)


def test_whole_flow_to_its_end(desk: Desk, publish: Publish) -> None:
    publish(whole())
    call = ring(desk)
    for turn, keys in enumerate(["2", "1", "5", "5", "5", "2"]):
        desk.do(fold, digits(turn, keys))
    call = desk.again(call)
    assert (call.state, call.context["language"]) == (CallState.QUEUED, "zh-hans")
