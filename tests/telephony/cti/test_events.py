"""Events of a foreign exchange become calls, in whatever order and however often they come."""

import itertools
import json
from typing import Any

import pytest
from django.test import Client

from telephony.actions.lines import issue_cti_token
from telephony.models import Call, CallEvent
from telephony.states import CallOutcome, CallState
from tests.cast import Cast, make_cast

pytestmark = pytest.mark.django_db

NEW = {"event": "newCall", "callId": "c-1", "from": "+12025550147", "to": "+12025550100", "direction": "in"}
ANSWER = {**NEW, "event": "answer", "user": ["Mei"]}
HANGUP = {**NEW, "event": "hangup", "cause": "normalClearing"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def address(cast: Cast) -> str:
    return f"/telephony/cti/{issue_cti_token('office', queue=cast.support_queue, by=None)}/"


def send(address: str, event: dict[str, Any]) -> int:
    answer = Client().post(address, json.dumps(event), content_type="application/json")
    return answer.status_code


def test_three_events_make_one_answered_call(cast: Cast, address: str) -> None:
    for event in (NEW, ANSWER, HANGUP):
        assert send(address, event) == 200
    call = Call.objects.get()
    assert (call.state, call.outcome, call.agent) == (CallState.ENDED, CallOutcome.COMPLETED, cast.mei)
    assert call.queue == cast.support_queue
    assert call.from_e164 == "+12025550147"


@pytest.mark.parametrize("order", list(itertools.permutations((NEW, ANSWER, HANGUP))))
def test_order_and_repetition_do_not_matter(cast: Cast, address: str, order: tuple[dict[str, Any], ...]) -> None:
    for event in order:
        send(address, event)
        send(address, event)
    call = Call.objects.get()
    assert (call.state, call.outcome, call.agent) == (CallState.ENDED, CallOutcome.COMPLETED, cast.mei)


def test_forms_are_read_like_json(cast: Cast, address: str) -> None:
    answer = Client().post(address, {**NEW, "user[]": ["Mei"]})
    assert answer.status_code == 200
    assert Call.objects.get().offers.get().agent == cast.mei


def test_wrong_token_leaves_no_row(cast: Cast) -> None:
    assert send("/telephony/cti/nonsense/", NEW) == 404
    assert not CallEvent.objects.exists()


@pytest.mark.parametrize(
    "event",
    [
        {},
        {**NEW, "event": "dance"},
        {**NEW, "callId": ""},
        {**NEW, "callId": "x" * 251},
        {**NEW, "direction": "sideways"},
        {**NEW, "from": {"number": 1}},
        {**NEW, "user": [1, 2]},
    ],
)
def test_bad_events_are_refused_with_a_reason(address: str, event: dict[str, Any]) -> None:
    answer = Client().post(address, json.dumps(event), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["error"]
    assert not Call.objects.exists()


def test_body_that_is_no_event_is_refused(address: str) -> None:
    for body in ("", "[]", "nonsense", '"text"'):
        assert Client().post(address, body, content_type="application/json").status_code == 400
