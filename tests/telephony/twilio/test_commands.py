"""Commands to the carrier: what is asked of it, and what becomes of a request that fails."""

import pytest
from pytest_django import Settings

from crmcore.models import User
from crmcore.models.presence import SystemState
from telephony.actions.commands import ref_of
from telephony.actions.offers import rejoin_call
from telephony.actions.reconcile import reconcile
from telephony.models import ProviderCommand
from telephony.providers.twilio.provider import TwilioProvider
from telephony.states import CallOutcome, CallState, EndReason
from tests.telephony.desk import Desk
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import BASE_URL, Line


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


def test_waiting_queue_is_made_as_large_as_it_can_be(line: Line, mei: User) -> None:
    caller = line.ring()
    line.talk(mei, caller)
    assert line.carrier.queue_named("servicedesk").max_size == 5000
    assert line.asked("UpdateMember") == [{"Url": f"{BASE_URL}/telephony/twilio/caller/", "Method": "POST"}]
    assert line.asked("UpdateCall") == []


def test_carrier_out_of_reach_is_asked_again(line: Line, mei: User, desk: Desk) -> None:
    caller = line.ring()
    line.http.failures = [(503, 20500), (429, 20429)]
    line.talk(mei, caller)
    assert line.call(caller).state == CallState.CONNECTING
    for _ in range(3):
        desk.wait(2)
        line.settle()
    assert line.call(caller).state == CallState.TALKING
    command = ProviderCommand.objects.get(step="redirect_caller")
    assert (command.fate, command.attempts) == (ProviderCommand.Fate.SENT, 2)


def test_caller_who_is_gone_when_fetched_has_abandoned(make_line: MakeLine, mei: User, desk: Desk) -> None:
    line = make_line(lose=lambda fields: fields.get("CallStatus") == "completed" and "SequenceNumber" in fields)
    caller = line.ring()
    browser = line.accept(mei, caller)
    caller.status = "completed"
    queue = line.carrier.queue_of(caller)
    assert queue is not None and browser is not None
    queue.members.clear()
    line.settle()
    assert line.call(caller).outcome == CallOutcome.ABANDONED
    assert browser.is_over
    assert desk.presence(mei).system == SystemState.IDLE


def test_two_rooms_of_one_name_are_no_conversation(line: Line, mei: User, desk: Desk) -> None:
    caller = line.ring()
    line.carrier.other_region.add(caller.sid)
    line.talk(mei, caller)
    assert line.call(caller).state == CallState.CONNECTING
    desk.wait(9)
    line.settle()
    assert line.call(caller).state == CallState.QUEUED


def test_caller_whose_arrival_was_not_told_waits_again(make_line: MakeLine, mei: User, desk: Desk) -> None:
    line = make_line(
        lose=lambda fields: (
            fields.get("StatusCallbackEvent") == "participant-join" and fields["ParticipantLabel"] == "caller"
        )
    )
    caller = line.ring()
    browser = line.talk(mei, caller)
    desk.wait(9)
    line.settle()
    assert browser.is_over
    assert line.call(caller).state in (CallState.QUEUED, CallState.OFFERING)
    assert line.carrier.queue_of(caller) is not None


def test_reload_of_the_agents_page_keeps_the_call(line: Line, mei: User, desk: Desk) -> None:
    caller = line.ring()
    browser = line.talk(mei, caller)
    line.carrier.hang_up(browser)
    line.settle()
    assert line.call(caller).state == CallState.TALKING
    assert line.agent_legs(caller)[0].lost_at is not None
    desk.wait(5)
    ticket = desk.do(rejoin_call, line.call(caller).pk, by=mei)
    line.carrier.connect_browser(f"a_{mei.pk}", ticket=ticket)
    line.settle()
    assert line.agent_legs(caller)[0].lost_at is None
    assert line.call(caller).state == CallState.TALKING


def test_agent_who_stays_away_gives_the_caller_back(line: Line, mei: User, desk: Desk) -> None:
    caller = line.ring()
    line.carrier.hang_up(line.talk(mei, caller))
    line.settle()
    for _ in range(7):
        desk.wait(10)
    line.settle()
    assert line.call(caller).state in (CallState.QUEUED, CallState.OFFERING)
    assert line.carrier.queue_of(caller) is not None


def test_lost_fetch_is_made_good_by_the_next_round_of_waiting(line: Line, mei: User) -> None:
    caller = line.ring()
    line.http.failures = [(503, 20500)]
    line.talk(mei, caller)
    assert line.carrier.queue_of(caller) is not None
    line.carrier.wait_round(caller)
    line.settle()
    assert line.call(caller).state == CallState.TALKING


def test_end_that_was_never_told_is_found(make_line: MakeLine, desk: Desk) -> None:
    line = make_line()
    caller = line.ring()
    desk.wait(70)
    desk.do(reconcile)
    assert line.call(caller).is_live
    caller.status = "completed"
    desk.wait(70)
    desk.do(reconcile)
    assert line.call(caller).end_reason == EndReason.RECONCILED


def test_full_queue_is_an_apology(line: Line) -> None:
    line.carrier.queue_named("servicedesk").max_size = 0
    caller = line.ring()
    assert caller.is_over and caller.heard[-1].startswith("We are sorry")
    assert line.call(caller).end_reason == EndReason.CARRIER_ERROR


def test_ticket_of_somebody_else_opens_nothing(line: Line, mei: User) -> None:
    caller = line.ring()
    offer = line.desk.offer(line.call(caller))
    assert offer is not None
    browser = line.accept(mei, caller, connect=False)
    ticket = line.desk.do(rejoin_call, line.call(caller).pk, by=mei)
    thief = line.carrier.connect_browser("a_0", ticket=ticket)
    line.settle()
    assert thief.is_over and browser is None
    line.carrier.connect_browser(f"a_{mei.pk}", ticket=ticket)
    line.settle()
    assert line.call(caller).state == CallState.TALKING


def test_forged_ticket_opens_nothing(line: Line) -> None:
    browser = line.carrier.connect_browser("a_1", ticket="forged")
    line.settle()
    assert browser.is_over


def test_without_an_account_the_carrier_cannot_tell(line: Line, desk: Desk, settings: Settings) -> None:
    caller = line.ring()
    settings.TWILIO_ACCOUNT_SID = ""
    assert TwilioProvider().is_live(ref_of(line.call(caller))) is None


def test_fake_carrier_refuses_what_it_does_not_know(line: Line) -> None:
    caller = line.ring()
    path = f"/2010-04-01/Accounts/{line.carrier.account_sid}/Calls/{caller.sid}.json"
    auth = (line.carrier.account_sid, line.carrier.auth_token)
    for data in ({"Url": "caller/"}, {"Status": "over"}, {"Surprise": "1"}):
        answer = line.http.request("POST", f"https://api.twilio.com{path}", data=data, auth=auth)
        assert answer.status_code == 400
    assert line.http.request("POST", f"https://api.twilio.com{path}", data={}, auth=("a", "b")).status_code == 401
