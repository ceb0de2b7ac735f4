"""Passes of agents' browsers."""

import jwt
import pytest
from django.test import Client
from pytest_django import Settings

from crmcore.actions import people
from crmcore.models import User
from tests.cast import Cast, make_cast

URL = "/telephony/twilio/token/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def _client(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_agent_gets_a_pass_for_an_hour(cast: Cast, settings: Settings) -> None:
    answer = _client(cast.mei).get(URL)
    assert answer.status_code == 200
    body = answer.json()
    assert (body["identity"], body["lifetime_s"]) == (f"a_{cast.mei.pk}", 3600)
    secret = settings.TWILIO_API_KEY_SECRET
    claims = jwt.decode(body["token"], secret, algorithms=["HS256"])
    header = jwt.get_unverified_header(body["token"])
    assert header["cty"] == "twilio-fpa;v=1"
    assert (claims["iss"], claims["sub"]) == (settings.TWILIO_API_KEY_SID, settings.TWILIO_ACCOUNT_SID)
    assert claims["exp"] - claims.get("nbf", claims["exp"] - 3600) == 3600
    assert claims["grants"] == {
        "identity": body["identity"],
        "voice": {"outgoing": {"application_sid": settings.TWILIO_TWIML_APP_SID}},
    }
    assert "no-store" in answer.headers["Cache-Control"]


def test_customer_gets_none(cast: Cast) -> None:
    assert _client(cast.zhao).get(URL).status_code == 403


def test_stranger_is_sent_to_sign_in(db: None) -> None:
    assert Client().get(URL).status_code == 302


def test_person_without_the_right_to_calls_gets_none(cast: Cast) -> None:
    visitor = people.create_user("visitor", name="Visitor", password="pw", roles=[], by=None)
    assert _client(visitor).get(URL).status_code == 403


@pytest.mark.parametrize("missing", ["TWILIO_API_KEY_SID", "TWILIO_API_KEY_SECRET", "TWILIO_TWIML_APP_SID"])
def test_desk_without_browser_phones_gives_none(cast: Cast, settings: Settings, missing: str) -> None:
    setattr(settings, missing, "")
    assert _client(cast.mei).get(URL).status_code == 403
