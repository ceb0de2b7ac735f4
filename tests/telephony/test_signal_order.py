"""Every order and every repetition of the same signals ends in the same rows."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.actions.fold import fold
from telephony.models import Call, CallEvent, CallLeg, Offer, QueueEntry
from telephony.providers.base import CallerHungUp, CallFinished, Incoming, LegJoined, LegLeft, Signal
from tests.telephony.desk import Desk
from tests.telephony.invariants import check

NAMES: dict[str, Any] = {"provider": "quiet", "provider_call_id": "the-call"}


def outcome_of(call: Call) -> dict[str, Any]:
    """All that the order of signals must not change."""
    call.refresh_from_db()
    return {
        "call": (
            call.state,
            call.outcome,
            call.end_reason,
            call.hung_up_by,
            call.answered_at is not None,
            call.agent_id,
        ),
        "entries": list(QueueEntry.objects.filter(call=call).values_list("left_as", flat=True)),
        "offers": list(Offer.objects.filter(call=call).values_list("agent_id", "state", "end_reason")),
        "legs": sorted(
            (leg.kind, leg.state, leg.joined_at is not None, leg.wrap_up_started_at is not None)
            for leg in CallLeg.objects.filter(call=call)
        ),
    }


def story(desk: Desk, leg_id: int, *, agent_hangs_up: bool) -> list[Signal]:
    """What the carrier tells of one conversation, in the order in which it happened."""
    moments = (desk.moment + timedelta(milliseconds=100 * step) for step in range(10))
    first, second = (leg_id, None) if agent_hangs_up else (None, leg_id)
    return [
        LegJoined(**NAMES, token="1", occurred_at=next(moments), leg_id=leg_id),
        LegJoined(**NAMES, token="2", occurred_at=next(moments)),
        LegLeft(**NAMES, token="3", occurred_at=next(moments), leg_id=first),
        LegLeft(**NAMES, token="4", occurred_at=next(moments), leg_id=second),
        CallFinished(**NAMES, token="5", occurred_at=next(moments)),
    ]


@pytest.fixture
def accepted(desk: Desk) -> Call:
    desk.new_agent("mei")
    signal = Incoming(**NAMES, token="in", from_number="+8613800138000", context={"queue_id": desk.queue.pk})
    call = desk.do(fold, signal)
    assert call is not None
    desk.accept(call)
    return call


def told(desk: Desk, call: Call, signals: list[Signal]) -> dict[str, Any]:
    """What stands in the rows after these signals and ten quiet seconds; then everything is undone."""
    moment = desk.moment
    with transaction.atomic():
        for signal in signals:
            desk.moment += timedelta(milliseconds=200)
            desk.do(fold, signal)
        desk.wait(10)
        desk.wait(1)
        check(desk.moment)
        found = outcome_of(call)
        transaction.set_rollback(True)
    desk.moment = moment
    return found


@pytest.mark.parametrize("agent_hangs_up", [True, False])
def test_every_order_of_a_conversation_ends_in_the_same_rows(desk: Desk, accepted: Call, agent_hangs_up: bool) -> None:
    signals = story(desk, desk.agent_leg(accepted).pk, agent_hangs_up=agent_hangs_up)
    expected = told(desk, accepted, signals)
    assert expected["call"][1] == "completed"
    assert expected["call"][3] == ("agent" if agent_hangs_up else "customer")
    for order in _some_orders(signals):
        assert told(desk, accepted, order) == expected, [signal.token for signal in order]


def _some_orders(signals: list[Signal]) -> Iterator[list[Signal]]:
    """Every fifth of all orders, which is enough to meet every neighbourhood."""
    for number, order in enumerate(permutations(signals)):
        if number % 5 == 0:
            yield list(order)


@given(st.data())
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_repeated_and_shuffled_signals_change_nothing(desk: Desk, accepted: Call, data: st.DataObject) -> None:
    signals = story(desk, desk.agent_leg(accepted).pk, agent_hangs_up=data.draw(st.booleans()))
    drawn = data.draw(st.permutations(signals + signals[: data.draw(st.integers(0, 5))]))
    assert told(desk, accepted, list(drawn)) == told(desk, accepted, signals)


def test_signals_before_the_call_itself_wait_for_it(desk: Desk) -> None:
    incoming = Incoming(**NAMES, token="in", from_number="+8613800138000", context={"queue_id": desk.queue.pk})
    hung_up = CallerHungUp(**NAMES, token="bye")
    assert desk.do(fold, hung_up) is None
    call = desk.do(fold, incoming)
    assert call is not None and outcome_of(call)["call"][:2] == ("ended", "abandoned")


def test_repeated_signal_leaves_one_row(desk: Desk) -> None:
    call = desk.call()
    for _ in range(3):
        desk.do(fold, CallerHungUp(provider=call.provider, provider_call_id=call.provider_call_id, token="bye"))
    assert CallEvent.objects.filter(kind="caller_hung_up").count() == 1


def test_caller_who_met_nobody_stays_abandoned_when_told_again(desk: Desk, accepted: Call) -> None:
    """The agent was there in time, the caller's line came when the agent had left, and then the caller gave up."""
    desk.joins(accepted, desk.agent_leg(accepted))
    desk.wait(10)
    desk.joins(accepted)
    desk.wait(1)
    before = outcome_of(desk.hangs_up(accepted))
    desk.joins(accepted)
    after = outcome_of(accepted)
    assert all(after[what] == before[what] for what in ("call", "entries", "offers")), after


def test_join_told_after_the_leaving_happened_before_it(desk: Desk, accepted: Call) -> None:
    leg = desk.agent_leg(accepted)
    left_at = desk.hangs_up(accepted).ended_at
    desk.wait(5)
    desk.joins(accepted, leg)
    leg.refresh_from_db()
    assert leg.joined_at == leg.left_at == left_at
