"""Traps of the carrier's interface, each of which has cost somebody a night."""

from datetime import timedelta
from urllib.parse import urlencode

import jwt
import pytest
from django.http import QueryDict
from django.test import Client
from pytest_django import Settings

from telephony.actions.commands import deliver, deliver_due, order, ref_of
from telephony.models import Call, CallEvent, ProviderCommand
from telephony.providers.base import HangUp
from telephony.providers.twilio.access_tokens import access_token, identity_of
from telephony.providers.twilio.account import Account
from telephony.providers.twilio.signature import SignedRequest
from tests.fake_carrier.post import FORM
from tests.fake_carrier.signing import sign
from tests.telephony.desk import Desk
from tests.telephony.twilio.line import AUTH_TOKEN, BASE_URL, Line

VOICE = "/telephony/twilio/voice/"
STATUS = "/telephony/twilio/status/"
SID = "CA" + "a" * 32
CALL = {"CallSid": SID, "From": "+8613800138000", "To": "+862151008000", "CallStatus": "ringing"}


def post(path: str, fields: dict[str, str], **headers: str) -> int:
    signed = {"X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + path, fields), **headers}
    return Client().generic("POST", path, urlencode(fields), FORM, headers=signed).status_code


# Delivery (3.3)


def test_second_delivery_is_known_by_its_token_and_leaves_one_row(line: Line) -> None:
    token = {"I-Twilio-Idempotency-Token": "0a1b"}
    assert post(VOICE, CALL, **token) == 200
    assert post(VOICE, {**CALL, "CallStatus": "in-progress"}, **token) == 200
    assert (Call.objects.count(), CallEvent.objects.filter(kind="incoming").count()) == (1, 1)


def test_without_a_token_the_same_fields_are_the_same_delivery(line: Line) -> None:
    assert [post(VOICE, CALL), post(VOICE, CALL)] == [200, 200]
    assert CallEvent.objects.filter(kind="incoming").count() == 1


def test_report_is_stored_and_answered_before_it_is_understood(line: Line, settings: Settings) -> None:
    post(VOICE, CALL)
    # Outside of the desk's own steps nothing that was put off is run.
    assert post(STATUS, {**CALL, "CallStatus": "completed"}) == 204
    assert CallEvent.objects.get(kind="caller_hung_up").applied_at is None
    assert Call.objects.get().is_live


def test_end_of_a_child_leg_is_not_the_end_of_the_call(line: Line) -> None:
    post(VOICE, CALL)
    child = {**CALL, "CallSid": "CA" + "b" * 32, "ParentCallSid": SID, "CallStatus": "completed"}
    assert post(STATUS, child) == 204
    assert not CallEvent.objects.filter(kind="caller_hung_up").exists()


# Signature (3.2)


def signed_request(url: str, body: str, signature: str) -> SignedRequest:
    return SignedRequest(url=url, signature=signature, signature_settings="", form=QueryDict(body), body=body.encode())


def test_values_of_a_repeated_field_are_signed_once_each_and_sorted() -> None:
    url = BASE_URL + VOICE
    # The carrier signs name+value for each unique value in order; our own signing of that text:
    signature = sign(AUTH_TOKEN, url + "ToolaToolb")
    assert signed_request(url, "Tool=b&Tool=a&Tool=b", signature).is_genuine([AUTH_TOKEN])


def test_blank_fields_are_part_of_what_is_signed() -> None:
    url = BASE_URL + VOICE
    assert signed_request(url, "A=&B=1", sign(AUTH_TOKEN, url, {"A": "", "B": "1"})).is_genuine([AUTH_TOKEN])


def test_standard_port_may_be_in_the_signed_address_or_not() -> None:
    with_port = BASE_URL + ":443" + VOICE
    assert signed_request(BASE_URL + VOICE, "A=1", sign(AUTH_TOKEN, with_port, {"A": "1"})).is_genuine([AUTH_TOKEN])


def test_host_of_the_request_is_not_believed(line: Line) -> None:
    forged = sign(AUTH_TOKEN, "http://localhost" + VOICE, CALL)
    headers = {"X-Twilio-Signature": forged, "Host": "localhost", "X-Forwarded-Host": "localhost"}
    assert Client().generic("POST", VOICE, urlencode(CALL), FORM, headers=headers).status_code == 403


# Limits (3.3)


def test_rate_limit_makes_commands_wait_and_fails_none(line: Line, desk: Desk) -> None:
    caller = line.ring()
    line.http.failures = [(429, 20429)] * 8
    command = _hang_up(desk, line, caller.sid)
    for _ in range(60):
        if command.done_at is not None:
            break
        desk.wait(1)
        desk.do(deliver_due, desk.moment)
        command.refresh_from_db()
    assert command.fate == ProviderCommand.Fate.SENT and not line.http.failures


def test_limit_that_never_ends_is_given_up(line: Line, desk: Desk) -> None:
    caller = line.ring()
    line.http.failures = [(429, 20429)] * 1000
    command = _hang_up(desk, line, caller.sid)
    for _ in range(30):
        desk.wait(10)
        desk.do(deliver_due, desk.moment)
    command.refresh_from_db()
    assert command.fate == ProviderCommand.Fate.FAILED


def test_waiting_commands_do_not_come_back_all_at_once(line: Line, desk: Desk) -> None:
    callers = [line.ring(f"+861380013800{number}") for number in range(3)]
    line.http.failures = [(429, 20429)] * 3
    for caller in callers:
        _hang_up(desk, line, caller.sid)
    due = set(ProviderCommand.objects.filter(step="hang_up").values_list("due_at", flat=True))
    assert len(due) == 3 and max(due) - min(due) < timedelta(seconds=1)


def _hang_up(desk: Desk, line: Line, sid: str) -> ProviderCommand:
    """The desk ends the call; the command goes out, if it can."""
    call = Call.objects.get(provider_call_id=sid)
    desk.do(order, call, HangUp(ref_of(call)), now=desk.moment)
    command = ProviderCommand.objects.get(call=call, step="hang_up")
    desk.do(deliver, command.pk)
    command.refresh_from_db()
    return command


# Passes and regions (3.4)


def test_name_of_a_browser_fits_the_carriers_alphabet() -> None:
    name = identity_of(10**15)
    assert name.replace("_", "").isalnum() and len(name) <= 121


@pytest.mark.parametrize(("region", "header"), [("", None), ("au1", "au1")])
def test_pass_names_the_region(db: None, settings: Settings, region: str, header: str | None) -> None:
    settings.TWILIO_REGION = region
    claims = jwt.get_unverified_header(access_token(Account.configured(), 7))
    assert claims.get("twr") == header


def test_agent_who_left_the_company_gets_no_pass(desk: Desk, client: Client) -> None:
    mei = desk.new_agent("mei")
    client.force_login(mei)
    mei.is_active = False
    mei.save(update_fields=["is_active"])
    assert client.get("/telephony/twilio/token/").status_code == 302
