"""The desk's own events: holds, transfers, queues, recordings; and what becomes of each report."""

import json
from typing import Any

import pytest
from django.test import Client

from crmcore.models import AgentPresence
from crmcore.models.presence import SystemState
from telephony.actions.exchange_reports import replay
from telephony.actions.lines import assign_extension, issue_cti_token
from telephony.models import Call, CallEvent, CallHold, CallLeg, CtiToken, ExchangeReport, QueueEntry
from telephony.providers.cti.fields import call_key
from telephony.states import CallOutcome, CallState, EntryEnd, LegKind, LegState
from tests.cast import Cast, make_cast, ready

pytestmark = pytest.mark.django_db

STARTED = {"type": "call.started", "call": "17", "from": "+12025550147", "to": "+12025550100"}
ANSWERED = {"type": "call.answered", "call": "17", "agent": "201"}
ENDED = {"type": "call.ended", "call": "17", "by": "customer"}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def address(cast: Cast) -> str:
    address = f"/telephony/cti/{issue_cti_token('office', queue=cast.support_queue, by=None)}/"
    exchange = CtiToken.objects.get()
    assign_extension(exchange, "201", cast.mei, by=cast.ada)
    assign_extension(exchange, "202", cast.omar, by=cast.ada)
    ready(cast.mei, cast.omar)
    return address


def send(address: str, *events: dict[str, Any]) -> list[str]:
    """The verdicts on these events."""
    answers = [Client().post(address, json.dumps(event), content_type="application/json") for event in events]
    assert all(answer.status_code == 200 for answer in answers), [answer.content for answer in answers]
    return [answer.json()["verdict"] for answer in answers]


def refused(address: str, event: object) -> str:
    answer = Client().post(address, json.dumps(event), content_type="application/json")
    assert answer.status_code == 400 and answer.headers["Content-Type"] == "application/problem+json"
    return str(answer.json()["error"])


def talk(address: str) -> Call:
    send(address, STARTED, ANSWERED)
    return Call.objects.get()


def test_agent_is_found_by_the_extension(cast: Cast, address: str) -> None:
    assert talk(address).agent == cast.mei


def test_agent_is_found_by_the_email(cast: Cast, address: str) -> None:
    send(address, STARTED, {**ANSWERED, "agent": "OMAR@example.com"})
    assert Call.objects.get().agent == cast.omar


def test_extension_of_another_exchange_means_nobody(cast: Cast, address: str) -> None:
    other = f"/telephony/cti/{issue_cti_token('branch', queue=None, by=None)}/"
    assert send(other, STARTED, ANSWERED) == ["accepted", "unknown_agent"]
    assert Call.objects.get().agent is None


def test_ringing_is_shown_to_the_agent(cast: Cast, address: str) -> None:
    send(address, STARTED, {"type": "call.ringing", "call": "17", "agent": "201"})
    assert Call.objects.get().offers.get().agent == cast.mei


def test_hold_and_resume_are_counted(address: str) -> None:
    talk(address)
    send(address, {"type": "call.held", "call": "17", "id": "h1"})
    assert Call.objects.get().state == CallState.HELD
    send(address, {"type": "call.resumed", "call": "17", "id": "r1"})
    assert Call.objects.get().state == CallState.TALKING
    assert CallHold.objects.filter(ended_at__isnull=False).count() == 1


def test_second_hold_is_no_repetition_of_the_first(address: str) -> None:
    talk(address)
    steps = [("held", "1"), ("held", "1"), ("resumed", "2"), ("held", "3"), ("resumed", "4")]
    verdicts = send(address, *({"type": f"call.{kind}", "call": "17", "id": name} for kind, name in steps))
    assert verdicts == ["accepted", "duplicate", "accepted", "accepted", "accepted"]
    assert CallHold.objects.filter(ended_at__isnull=False).count() == 2


def test_transfer_gives_the_call_to_the_next_agent_and_the_first_a_wrap_up(cast: Cast, address: str) -> None:
    talk(address)
    send(address, {"type": "call.transferred", "call": "17", "agent": "202", "id": "t1"})
    call = Call.objects.get()
    assert (call.state, call.agent) == (CallState.TALKING, cast.omar)
    legs = CallLeg.objects.filter(call=call, kind=LegKind.AGENT).order_by("pk")
    assert [(leg.agent, leg.state) for leg in legs] == [(cast.mei, LegState.LEFT), (cast.omar, LegState.JOINED)]
    assert AgentPresence.objects.get(user=cast.mei).system == SystemState.WRAPUP
    assert AgentPresence.objects.get(user=cast.omar).system == SystemState.ON_CONTACT


def test_transfer_from_hold_goes_on_talking(cast: Cast, address: str) -> None:
    talk(address)
    send(address, {"type": "call.held", "call": "17", "id": "h1"})
    send(address, {"type": "call.transferred", "call": "17", "agent": "202", "id": "t1"})
    assert Call.objects.get().state == CallState.TALKING
    assert not CallHold.objects.filter(ended_at=None).exists()


def test_transfer_to_a_queue_counts_a_second_wait(cast: Cast, address: str) -> None:
    talk(address)
    send(address, {"type": "queue.entered", "call": "17", "queue": "billing", "id": "q1"})
    call = Call.objects.get()
    assert (call.state, call.queue, call.agent) == (CallState.NEW, cast.billing_queue, None)
    assert QueueEntry.objects.get(left_at=None).queue == cast.billing_queue
    send(address, {**ANSWERED, "agent": "202", "id": "a2"}, ENDED)
    call.refresh_from_db()
    assert (call.outcome, call.agent) == (CallOutcome.COMPLETED, cast.omar)


def test_same_agent_may_answer_again_after_the_queue(cast: Cast, address: str) -> None:
    talk(address)
    send(address, {"type": "queue.entered", "call": "17", "queue": "billing", "id": "q1"}, {**ANSWERED, "id": "a2"})
    assert Call.objects.get().agent == cast.mei


def test_caller_who_leaves_the_queue_has_abandoned(address: str) -> None:
    send(address, STARTED, {"type": "queue.left", "call": "17", "by": "customer", "id": "l1"}, ENDED)
    assert QueueEntry.objects.get().left_as == EntryEnd.ABANDONED
    assert Call.objects.get().outcome == CallOutcome.ABANDONED


def test_recording_is_kept_after_the_end(address: str) -> None:
    talk(address)
    recorded = {"type": "call.recorded", "call": "17", "url": "https://pbx.example.com/17.wav"}
    assert send(address, ENDED, recorded, recorded) == ["accepted", "accepted", "duplicate"]
    assert Call.objects.get().context["recording_urls"] == ["https://pbx.example.com/17.wav"]


def test_call_that_an_exchange_distributes_is_never_offered_by_the_desk(cast: Cast, address: str) -> None:
    talk(address)
    send(address, {"type": "queue.entered", "call": "17", "queue": "support", "id": "q1"})
    assert not Call.objects.get().offers.exists()


def test_test_event_makes_no_call(address: str) -> None:
    assert send(address, {"type": "test"}) == ["accepted"]
    assert not CallEvent.objects.exists() and ExchangeReport.objects.get().kind == "test"


def test_two_exchanges_may_count_their_calls_alike(address: str) -> None:
    other = f"/telephony/cti/{issue_cti_token('branch', queue=None, by=None)}/"
    send(address, STARTED)
    send(other, STARTED)
    assert Call.objects.count() == 2


def test_longest_call_id_fits() -> None:
    assert len(call_key(10**12, "x" * 250)) <= 100
    assert call_key(1, "x" * 250) != call_key(1, "x" * 249)


@pytest.mark.parametrize(
    ("event", "field"),
    [
        ({"type": "call.dances", "call": "17"}, "type"),
        ({"type": "call.started"}, "call"),
        ({"type": "call.answered", "call": "17"}, "agent"),
        ({"type": "call.held", "call": "17"}, "id or at"),
        ({"type": "call.held", "call": "17", "at": "yesterday"}, "at"),
        ({"type": "call.held", "call": "17", "at": "2026-03-01T09:30:00"}, "at"),
        ({"type": "call.recorded", "call": "17", "url": "javascript:alert(1)"}, "url"),
        ({"type": "queue.entered", "call": "17", "id": "1", "queue": "nowhere"}, "queue"),
        ({**STARTED, "direction": "up"}, "direction"),
        ({**STARTED, "from": ["+1"]}, "from"),
        ({**STARTED, "from": "+1\x002"}, "from"),
        ({**STARTED, "from": "\ud800"}, "from"),
        ({**STARTED, "from": True}, "from"),
    ],
)
def test_bad_field_is_named_and_the_report_kept(address: str, event: dict[str, Any], field: str) -> None:
    assert refused(address, event).startswith(field)
    report = ExchangeReport.objects.get()
    assert report.verdict == "bad_field" and report.detail.startswith(field) and json.loads(report.body) == event
    assert not Call.objects.exists()


def test_body_that_is_too_long_is_kept_in_part(address: str) -> None:
    assert "long" in refused(address, {**STARTED, "note": "x" * 30_000})
    assert len(ExchangeReport.objects.get().body) == 20_000


def test_replay_of_what_was_taken_changes_nothing(address: str) -> None:
    talk(address)
    before = list(Call.objects.values())
    for report in list(ExchangeReport.objects.all()):
        assert replay(report).verdict == "duplicate"
    assert list(Call.objects.values()) == before


def test_replay_heals_an_agent_who_was_not_known(cast: Cast, address: str) -> None:
    send(address, STARTED, {**ANSWERED, "agent": "207"})
    assert Call.objects.get().agent is None
    assign_extension(CtiToken.objects.get(), "207", cast.mei, by=cast.ada)
    assert replay(ExchangeReport.objects.get(verdict="unknown_agent")).verdict == "accepted"
    assert Call.objects.get().agent == cast.mei


def test_replay_begins_no_call(address: str) -> None:
    send(address, STARTED)
    CallEvent.objects.all().delete()
    Call.objects.all().delete()
    assert replay(ExchangeReport.objects.get()).verdict == "unknown_call"
    assert not Call.objects.exists()


def test_revoked_exchange_is_a_stranger(address: str) -> None:
    CtiToken.objects.update(is_active=False)
    answer = Client().post(address, json.dumps(STARTED), content_type="application/json")
    assert answer.status_code == 404 and not ExchangeReport.objects.exists()
