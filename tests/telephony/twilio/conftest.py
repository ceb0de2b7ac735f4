"""A desk whose telephone line is the fake carrier's."""

from collections.abc import Callable

import pytest
from pytest_django import Settings

from crmcore.models import Queue
from telephony.providers.twilio import provider
from tests.telephony.desk import Desk
from tests.telephony.twilio.line import ACCOUNT_SID, AUTH_TOKEN, BASE_URL, Line

MakeLine = Callable[..., Line]


@pytest.fixture(autouse=True)
def account(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.telephony.twilio.urls"
    settings.PUBLIC_BASE_URL = BASE_URL
    settings.TWILIO_ACCOUNT_SID = ACCOUNT_SID
    settings.TWILIO_AUTH_TOKEN = AUTH_TOKEN
    settings.TWILIO_API_KEY_SID = "SK" + "1" * 32
    settings.TWILIO_API_KEY_SECRET = "a secret of at least thirty-two characters"
    settings.TWILIO_TWIML_APP_SID = "AP" + "2" * 32
    settings.TWILIO_API_BASE_URL = ""


@pytest.fixture
def make_line(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> MakeLine:
    """A carrier with a plan of disorder, connected to the desk."""

    Queue.objects.filter(is_default=True).update(is_default=False)
    Queue.objects.filter(pk=desk.queue.pk).update(is_default=True)

    def make(**plan: object) -> Line:
        line = Line(desk, **plan)
        monkeypatch.setattr(provider, "connect", line.connect)
        return line

    return make


@pytest.fixture
def line(make_line: MakeLine) -> Line:
    """A carrier that does everything once, in order and at once."""
    return make_line()
