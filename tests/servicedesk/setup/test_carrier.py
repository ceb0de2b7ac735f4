"""The page of our numbers and the carrier."""

import pytest
from django.test import Client
from pytest_django import Settings

from telephony.models import PhoneLine
from telephony.providers.twilio import provider, public_address
from telephony.providers.twilio.account import Account
from telephony.providers.twilio.rest import Rest
from tests.cast import Cast, make_cast
from tests.fake_carrier.carrier import FakeCarrier
from tests.fake_carrier.office import FakeOffice

SECRET = "the-token-that-nobody-sees"
PAGE = "/settings/carrier/"
NUMBER = "+862151008000"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def admin(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture
def office(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> FakeOffice:
    settings.PUBLIC_BASE_URL = "https://desk.example.com"
    settings.TWILIO_ACCOUNT_SID, settings.TWILIO_AUTH_TOKEN = "AC" + "0" * 32, SECRET
    carrier = FakeCarrier(
        account_sid=settings.TWILIO_ACCOUNT_SID,
        auth_token=SECRET,
        base_url=settings.PUBLIC_BASE_URL,
        transport=lambda *letter: (204, ""),
        now=lambda: None,  # type: ignore[arg-type,return-value]
    )
    office = FakeOffice(carrier)
    monkeypatch.setattr(provider, "connect", lambda: Rest(Account.configured(), office))
    monkeypatch.setattr(public_address, "echo", lambda account: None)
    return office


def add(admin: Client, cast: Cast, number: str = "021 5100 8000") -> int:
    fields = {"number": number, "name": "Main", "queue": cast.support_queue.pk, "region": "cn"}
    return admin.post(f"{PAGE}lines/new/", fields).status_code


def test_number_is_kept_in_international_form(admin: Client, cast: Cast) -> None:
    assert add(admin, cast) == 302
    line = PhoneLine.objects.get()
    assert (line.number, line.region, line.queue) == (NUMBER, "CN", cast.support_queue)


def test_wrong_number_and_second_of_a_kind_are_refused_and_kept(admin: Client, cast: Cast) -> None:
    assert add(admin, cast, "nonsense") == 422
    assert add(admin, cast) == 302
    assert add(admin, cast) == 422
    assert PhoneLine.objects.count() == 1


def test_number_is_retired_and_used_again(admin: Client, cast: Cast) -> None:
    add(admin, cast)
    line = PhoneLine.objects.get()
    admin.post(f"{PAGE}lines/{line.pk}/retire/")
    line.refresh_from_db()
    assert not line.is_active
    admin.post(f"{PAGE}lines/{line.pk}/restore/")
    line.refresh_from_db()
    assert line.is_active


def test_secrets_are_never_on_the_page(admin: Client, office: FakeOffice) -> None:
    for page in (PAGE, f"{PAGE}?check=1"):
        text = admin.get(page).content.decode()
        assert "TWILIO_AUTH_TOKEN" in text and SECRET not in text


def test_button_sets_the_webhooks(admin: Client, cast: Cast, office: FakeOffice) -> None:
    add(admin, cast)
    sid = office.sell(NUMBER)
    admin.post(f"{PAGE}connect/")
    assert office.numbers[sid].fields["voice_url"].startswith("https://desk.example.com/telephony/twilio/voice/")


def test_what_the_carrier_refuses_is_said(admin: Client, cast: Cast, office: FakeOffice) -> None:
    add(admin, cast)
    office.failures = [(401, 20003)]
    assert "20003" in admin.post(f"{PAGE}connect/", follow=True).content.decode()
    answer = admin.post(f"{PAGE}test-call/", {"line": PhoneLine.objects.get().pk, "to": "+8613800138000"})
    assert answer.status_code == 422 and "21210" in answer.content.decode()


def test_test_call_rings(admin: Client, cast: Cast, office: FakeOffice) -> None:
    add(admin, cast)
    office.sell(NUMBER)
    assert (
        admin.post(f"{PAGE}test-call/", {"line": PhoneLine.objects.get().pk, "to": "138 0013 8000"}).status_code == 302
    )
    assert office.placed[0]["To"] == "+8613800138000"


def test_check_says_what_to_do(admin: Client, cast: Cast, office: FakeOffice) -> None:
    add(admin, cast)
    text = admin.get(f"{PAGE}?check=1").content.decode()
    assert "does not have this number" in text and "Retire the line" in text


def test_page_is_closed_to_agents(client: Client, cast: Cast) -> None:
    client.force_login(cast.mei)
    assert client.get(f"{PAGE}lines/new/").status_code == 403
    for page in ("connect/", "test-call/", "lines/1/retire/"):
        assert client.post(PAGE + page).status_code == 403
