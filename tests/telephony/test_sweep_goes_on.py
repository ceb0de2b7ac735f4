"""Whatever is the matter with one row, the sweeper does the rest of its work."""

from datetime import timedelta

import pytest

from telephony.actions import sweep
from telephony.models import CallEvent
from telephony.states import CallState
from tests.telephony.carriers import QuietCarrier
from tests.telephony.desk import Desk


def test_signal_that_cannot_be_read_stops_nobody_elses_call(desk: Desk) -> None:
    broken = desk.call()
    CallEvent.objects.create(
        provider=broken.provider,
        provider_call_id=broken.provider_call_id,
        token="from an older release",
        kind="leg_joined",
        payload={"leg": 1},
        received_at=desk.moment - timedelta(seconds=5),
    )
    other = desk.call()
    desk.new_agent("mei")
    desk.new_agent("omar")
    desk.wait(1)
    assert {desk.again(call).state for call in (broken, other)} == {CallState.OFFERING}


def test_offer_that_cannot_be_closed_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.new_agent("mei")
    desk.new_agent("omar")
    first, second = desk.call(), desk.call()
    failing, withdraw = desk.offer(first), sweep.withdraw_offer

    def sometimes(call: object, offer: object, *args: object, **kwargs: object) -> None:
        if offer == failing:
            raise LookupError("a fault of our own")
        withdraw(call, offer, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(sweep, "withdraw_offer", sometimes)
    desk.wait(21)
    assert desk.again(second).state == CallState.QUEUED


def test_command_that_cannot_be_sent_stops_no_tick(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.new_agent("mei")
    talking = desk.talk(desk.call())
    monkeypatch.setattr(QuietCarrier, "broken", True)
    desk.hangs_up(talking)

    def fault(carrier: QuietCarrier, command: object) -> None:
        raise LookupError("a fault of our own")

    monkeypatch.setattr(QuietCarrier, "send", fault)
    waiting = desk.call()
    desk.new_agent("omar")
    desk.wait(2)
    assert desk.again(waiting).state == CallState.OFFERING
