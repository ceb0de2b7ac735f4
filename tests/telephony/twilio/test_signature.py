"""Only what the carrier signed comes in."""

import json
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings

from telephony.models import Call, CallEvent
from tests.fake_carrier.post import FORM
from tests.fake_carrier.signing import body_hash, sign
from tests.telephony.twilio.line import AUTH_TOKEN, BASE_URL, Line

VOICE = "/telephony/twilio/voice/"
FIELDS = {"CallSid": "CA" + "a" * 32, "From": "+8613800138000", "To": "+862151008000", "CallerName": ""}


def post(path: str = VOICE, **headers: str) -> int:
    return Client().generic("POST", path, urlencode(FIELDS), FORM, headers=headers).status_code


def signature(fields: dict[str, str] = FIELDS, secret: str = AUTH_TOKEN, url: str = BASE_URL + VOICE) -> str:
    return sign(secret, url, fields)


def nothing_happened() -> bool:
    return not Call.objects.exists() and not CallEvent.objects.exists()


def test_good_signature_comes_in(line: Line) -> None:
    assert post(**{"X-Twilio-Signature": signature()}) == 200
    assert Call.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "AAAA"},
        {"X-Twilio-Signature": sign("another token", BASE_URL + VOICE, FIELDS)},
        {"X-Twilio-Signature": sign(AUTH_TOKEN, "http://testserver" + VOICE, FIELDS)},
        {"X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + VOICE, {**FIELDS, "From": "+8613900139000"})},
        {"X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + VOICE)},
        {
            "X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + VOICE, FIELDS),
            "X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_MD5",
        },
    ],
)
def test_wrong_or_missing_signature_leaves_no_row(line: Line, bad: dict[str, str]) -> None:
    assert post(**bad) == 403
    assert nothing_happened()


@pytest.mark.parametrize("path", ["voice", "wait", "enqueue-action", "caller", "agent", "hold", "conference", "status"])
def test_every_webhook_is_guarded(db: None, path: str) -> None:
    assert post(f"/telephony/twilio/{path}/", **{"X-Twilio-Signature": "AAAA"}) == 403
    assert nothing_happened()


def test_query_is_part_of_what_is_signed(line: Line) -> None:
    with_query = signature(url=f"{BASE_URL}{VOICE}?line=1&x=%20y")
    assert post(f"{VOICE}?line=1&x=%20y", **{"X-Twilio-Signature": with_query}) == 200
    assert post(f"{VOICE}?line=2", **{"X-Twilio-Signature": with_query}) == 403


def test_either_of_two_tokens_is_good_during_a_rotation(line: Line, settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = f"the-new-token, {AUTH_TOKEN}"
    assert post(**{"X-Twilio-Signature": signature()}) == 200
    assert post(**{"X-Twilio-Signature": signature(secret="the-new-token")}) == 200
    assert post(**{"X-Twilio-Signature": signature(secret="an-old-token")}) == 403


def test_shared_key_signs_with_sha256(line: Line) -> None:
    named = {"X-Twilio-Webhooks-Signature-Settings": "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    good = sign(AUTH_TOKEN, BASE_URL + VOICE, FIELDS, "HMAC_SHA256")
    assert post(**named, **{"X-Twilio-Signature": good}) == 200
    assert post(**named, **{"X-Twilio-Signature": signature()}) == 403


def test_json_body_is_signed_by_its_hash(line: Line) -> None:
    body = json.dumps(FIELDS).encode()
    path = f"{VOICE}?bodySHA256={body_hash(body)}"
    headers = {"X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + path)}
    assert _json(path, body + b" ", headers) == 403
    assert nothing_happened()
    assert _json(path, body, headers) == 200
    assert Call.objects.count() == 1


def test_json_body_without_a_hash_is_refused(db: None) -> None:
    headers = {"X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + VOICE)}
    assert _json(VOICE, json.dumps(FIELDS).encode(), headers) == 403
    assert nothing_happened()


@pytest.mark.parametrize("missing", ["TWILIO_AUTH_TOKEN", "PUBLIC_BASE_URL"])
def test_desk_without_an_account_refuses_all(db: None, settings: Settings, missing: str) -> None:
    setattr(settings, missing, "")
    assert post(**{"X-Twilio-Signature": sign("", VOICE, FIELDS)}) == 403
    assert post(**{"X-Twilio-Signature": signature()}) == 403
    assert nothing_happened()


def test_only_post_is_taken(db: None) -> None:
    assert Client().get(VOICE, headers={"X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + VOICE)}).status_code == 405


def _json(path: str, body: bytes, headers: dict[str, str]) -> int:
    return Client().generic("POST", path, body, "application/json", headers=headers).status_code
