"""Callers of the public network in a call flow, through the carrier's own documents."""

from typing import Any

import pytest
from django.test import Client

from crmcore import clock
from telephony.models import CallEvent, CallFlow, FlowVersion, PhoneLine
from telephony.states import CallOutcome, CallState
from tests.fake_carrier.state import FakeCall
from tests.telephony.desk import Desk
from tests.telephony.flows.trees import hang_up, menu, message, queue, tree
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import Line

NUMBER = "+862151008000"
TREE = tree(
    "hello",
    hello=message("Welcome to the desk", "menu"),
    menu=menu("What is it about?", key1="line", key2="more", timeout="line", wrong="bye"),
    more=menu("More choices", key1="bye", key2="away", timeout="bye", wrong="bye"),
    away={"kind": "number", "number": "+12025550100"},
    line=queue(),
    bye=hang_up("Goodbye"),
)


@pytest.fixture(autouse=True)
def flow(desk: Desk) -> CallFlow:
    return publish(desk, TREE)


def publish(desk: Desk, data: dict[str, Any]) -> CallFlow:
    now = clock.now()
    made = CallFlow.objects.create(name="Main")
    FlowVersion.objects.create(flow=made, number=1, tree=data, changed_at=now, published_at=now)
    PhoneLine.objects.create(number=NUMBER, name="Main", queue=desk.queue, flow=made, language="en")
    return made


def press(line: Line, caller: FakeCall, *keys: str) -> None:
    for key in keys:
        line.carrier.press(caller, key)
        line.settle()


def test_caller_hears_the_greeting_and_the_menu(line: Line) -> None:
    caller = line.ring()
    assert caller.heard == ["Welcome to the desk", "What is it about?"]
    assert line.call(caller).state == CallState.IVR


def test_key_leads_into_the_waiting_queue(line: Line) -> None:
    caller = line.ring()
    press(line, caller, "1")
    assert line.call(caller).state == CallState.QUEUED
    assert line.carrier.queue_of(caller) is not None


def test_silence_is_told_by_the_carrier(line: Line) -> None:
    caller = line.ring()
    press(line, caller, "")
    assert caller.heard[-2:] == ["Sorry, nothing reached us.", "What is it about?"]
    press(line, caller, "")
    assert line.call(caller).state == CallState.QUEUED


def test_wrong_keys_have_a_limit(line: Line) -> None:
    caller = line.ring()
    press(line, caller, "7", "8")
    assert caller.heard[-1] == "Goodbye" and caller.is_over
    assert line.call(caller).outcome == CallOutcome.SELF_SERVED


def test_hang_up_in_the_menu(line: Line) -> None:
    caller = line.ring()
    line.caller_hangs_up(caller)
    assert line.call(caller).outcome == CallOutcome.IVR_ABANDON


def test_caller_is_sent_to_another_number(line: Line) -> None:
    caller = line.ring()
    press(line, caller, "2", "2")
    assert caller.dialled == "+12025550100"
    line.carrier.end_dialled(caller)
    line.settle()
    assert caller.is_over
    assert line.call(caller).outcome == CallOutcome.FORWARDED


@pytest.mark.parametrize("names_events", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_doubled_and_shuffled_webhooks_lead_to_the_same_place(
    make_line: MakeLine, seed: int, names_events: bool
) -> None:
    line = make_line(seed=seed, copies=2, shuffled=True, late=0.5, names_events=names_events)
    caller = line.ring()
    press(line, caller, "2", "7", "2")
    assert caller.dialled == "+12025550100"
    assert line.call(caller).menu["turn"] == 3
    line.caller_hangs_up(caller)
    line.settle(everything=True)
    assert line.call(caller).outcome == CallOutcome.FORWARDED
    assert not CallEvent.objects.filter(applied_at=None).exists()


def test_keys_that_the_carrier_did_not_sign_are_refused(line: Line) -> None:
    caller = line.ring()
    assert Client().post("/telephony/twilio/menu/?turn=0", {"CallSid": caller.sid, "Digits": "1"}).status_code == 403
    assert line.call(caller).state == CallState.IVR


def test_recording_at_a_forged_address_is_not_there() -> None:
    assert Client().get("/telephony/twilio/recording/forged/").status_code == 404
