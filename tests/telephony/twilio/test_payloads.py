"""Webhooks with the wrong kind of field are refused, those with unknown fields are not."""

import json
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from telephony.models import Call, CallEvent
from telephony.providers.twilio import payloads
from tests.fake_carrier.post import FORM
from tests.fake_carrier.signing import sign
from tests.telephony.twilio.line import AUTH_TOKEN, BASE_URL, Line

SID = "CA" + "a" * 32
CALL = {"CallSid": SID, "From": "+8613800138000", "To": "+862151008000", "CallStatus": "ringing"}
ROOM = {"ConferenceSid": "CF" + "b" * 32, "FriendlyName": "room", "StatusCallbackEvent": "participant-join"}


def post(webhook: str, fields: dict[str, str]) -> int:
    path = f"/telephony/twilio/{webhook}/"
    headers = {"X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + path, fields)}
    return Client().generic("POST", path, urlencode(fields), FORM, headers=headers).status_code


def test_unknown_fields_are_tolerated(line: Line) -> None:
    assert post("voice", {**CALL, "BrandNewField": "{}", "StirPassportToken": "x" * 900, "FromCity": ""}) == 200
    assert post("conference", {**ROOM, "BrandNewField": "1"}) == 204


def test_states_that_are_new_are_tolerated(line: Line) -> None:
    assert post("status", {**CALL, "CallStatus": "on-a-new-kind-of-line", "SequenceNumber": "0"}) == 204


@pytest.mark.parametrize(
    ("webhook", "fields"),
    [
        ("voice", {**CALL, "CallSid": ""}),
        ("voice", {key: value for key, value in CALL.items() if key != "CallSid"}),
        ("voice", {**CALL, "CallSid": "CA <script>"}),
        ("voice", {**CALL, "From": "+" + "1" * 300}),
        ("status", {**CALL, "SequenceNumber": "first"}),
        ("status", {**CALL, "CallDuration": "-3"}),
        ("status", {**CALL, "CallStatus": "com\x00pleted"}),
        ("wait", {**CALL, "QueueTime": "soon"}),
        ("enqueue-action", {**CALL, "QueueResult": "?"}),
        ("conference", {**ROOM, "Hold": "perhaps"}),
        ("conference", {**ROOM, "FriendlyName": "x" * 129}),
        ("conference", {key: value for key, value in ROOM.items() if key != "ConferenceSid"}),
        ("agent", {**CALL, "ticket": "x" * 801}),
        ("menu", {**CALL, "Digits": "1; drop"}),
    ],
)
def test_wrong_kinds_are_refused_and_leave_no_row(line: Line, webhook: str, fields: dict[str, str]) -> None:
    assert post(webhook, fields) == 400
    assert not Call.objects.exists() and not CallEvent.objects.exists()


def test_schemas_are_schemas() -> None:
    book = json.loads(Path(payloads.__file__).with_name("payloads.json").read_text())
    for schema in book["$defs"].values():
        Draft202012Validator.check_schema(schema)
    assert set(book["webhooks"].values()) <= set(book["$defs"])


def test_every_webhook_that_carries_a_call_has_a_schema() -> None:
    for webhook in ("voice", "wait", "enqueue-action", "caller", "menu", "dialled", "agent", "placed", "status"):
        assert payloads.complaint(f"/telephony/twilio/{webhook}/", {}), webhook
