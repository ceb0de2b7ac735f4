"""Numbers set up at the carrier by REST, and the checks that tell what is wrong there."""

from pathlib import Path

import pytest
from django.contrib.staticfiles.finders import find
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from crmcore.findings import Level
from crmcore.models import User
from telephony.actions.phone_lines import call_to_test, connect_lines
from telephony.models import PhoneLine
from telephony.providers.base import CarrierError
from telephony.providers.twilio import carrier_checks, provider, public_address
from telephony.providers.twilio.account import Account
from telephony.providers.twilio.rest import Rest
from telephony.queries.carrier_state import carrier_findings
from tests.fake_carrier import markup
from tests.fake_carrier.office import FakeOffice
from tests.fake_carrier.signing import sign
from tests.telephony.desk import Desk
from tests.telephony.twilio.line import AUTH_TOKEN, BASE_URL, Line

NUMBER = "+862151008000"
HERE = f"{BASE_URL}/telephony/twilio"


@pytest.fixture
def office(line: Line, desk: Desk, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> FakeOffice:
    """The account's office with the key and the application that the settings name."""
    office = FakeOffice(line.carrier)
    office.keys.add(settings.TWILIO_API_KEY_SID)
    office.applications[settings.TWILIO_TWIML_APP_SID] = {}
    settings.TWILIO_FALLBACK_URL = f"{BASE_URL}/static/telephony/fallback.xml"
    monkeypatch.setattr(provider, "connect", lambda: Rest(Account.configured(), office))
    monkeypatch.setattr(public_address, "echo", lambda account: None)
    PhoneLine.objects.create(name="Main", number=NUMBER, queue=desk.queue)
    return office


@pytest.fixture
def ada(desk: Desk) -> User:
    return desk.new_agent("ada")


def faults() -> list[str]:
    return [f"{found.subject}: {found.text}" for found in carrier_findings() if found.level == Level.FAULT]


def test_one_button_leads_the_numbers_here(office: FakeOffice, ada: User) -> None:
    sid = office.sell(NUMBER, voice_application_sid="AP" + "9" * 32, voice_url="https://elsewhere.example.com/")
    office.sell("+15005550006", voice_url="https://shop.example.com/")
    assert connect_lines(by=ada) == 1
    fields = office.numbers[sid].fields
    assert fields["voice_url"] == f"{HERE}/voice/#rc=2&rp=all" and fields["voice_method"] == "POST"
    assert fields["status_callback"] == f"{HERE}/status/#rc=2&rp=all"
    assert (fields["voice_fallback_url"], fields["voice_fallback_method"]) == (
        f"{BASE_URL}/static/telephony/fallback.xml",
        "GET",
    )
    assert fields["voice_application_sid"] == ""
    assert [row.fields["voice_url"] for row in office.numbers.values() if row.number != NUMBER] == [
        "https://shop.example.com/"
    ]
    assert faults() == []


def test_pressed_twice_is_pressed_once(office: FakeOffice, ada: User) -> None:
    sid = office.sell(NUMBER)
    connect_lines(by=ada)
    before = dict(office.numbers[sid].fields)
    connect_lines(by=ada)
    assert office.numbers[sid].fields == before


def test_messages_of_the_numbers_that_take_them_come_here(office: FakeOffice, ada: User) -> None:
    sid = office.sell(NUMBER, sms_application_sid="AP" + "9" * 32)
    connect_lines(by=ada)
    assert "sms_url" not in office.numbers[sid].fields
    PhoneLine.objects.update(takes_texts=True)
    assert [fault for fault in faults() if "application takes its text messages" in fault]
    connect_lines(by=ada)
    fields = office.numbers[sid].fields
    assert fields["sms_url"] == f"{HERE}/text/#rc=2&rp=all" and fields["sms_application_sid"] == ""
    assert faults() == []


def test_messages_that_go_elsewhere_are_a_fault(office: FakeOffice, ada: User) -> None:
    sid = office.sell(NUMBER)
    PhoneLine.objects.update(takes_texts=True)
    connect_lines(by=ada)
    office.numbers[sid].fields["sms_url"] = "https://elsewhere.example.com/"
    assert [fault for fault in faults() if "text messages go to https://elsewhere" in fault]


def test_number_without_messages_is_a_fault_where_we_count_on_them(office: FakeOffice, ada: User) -> None:
    sid = office.sell(NUMBER)
    PhoneLine.objects.update(takes_texts=True)
    connect_lines(by=ada)
    office.numbers[sid].can_text = False
    assert [fault for fault in faults() if "cannot do text messages" in fault]


def test_retired_and_demo_lines_are_left_alone(office: FakeOffice, ada: User) -> None:
    office.sell(NUMBER)
    PhoneLine.objects.update(is_active=False)
    assert connect_lines(by=ada) == 0
    PhoneLine.objects.update(is_active=True, is_demo=True)
    assert connect_lines(by=ada) == 0


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"voice_url": "https://elsewhere.example.com/"}, "elsewhere.example.com"),
        ({"voice_url": f"{HERE}/voice/", "voice_method": "GET"}, "/voice/"),
        ({"trunk_sid": "TK" + "1" * 32}, "application or trunk"),
    ],
)
def test_number_that_leads_elsewhere_is_a_fault(
    office: FakeOffice, ada: User, fields: dict[str, str], words: str
) -> None:
    sid = office.sell(NUMBER)
    connect_lines(by=ada)
    office.numbers[sid].fields |= fields
    assert len(faults()) == 1 and words in faults()[0]


def test_number_that_the_account_lacks_is_a_fault(office: FakeOffice) -> None:
    assert any("does not have this number" in fault for fault in faults())


def test_missing_fallback_is_a_warning(office: FakeOffice, ada: User) -> None:
    sid = office.sell(NUMBER)
    connect_lines(by=ada)
    office.numbers[sid].fields["voice_fallback_url"] = ""
    assert [found.text for found in carrier_findings() if found.level == Level.WARNING] == [
        "Callers hear an error when the desk is down"
    ]


def test_number_handled_in_another_region_is_a_fault(office: FakeOffice, ada: User) -> None:
    office.sell(NUMBER, region="au1")
    connect_lines(by=ada)
    assert any("region au1" in fault for fault in faults())


def test_key_and_application_of_another_region_are_faults(office: FakeOffice, settings: Settings) -> None:
    settings.TWILIO_REGION = "au1"
    assert sum("not known in the region au1" in fault for fault in faults()) == 2


def test_region_leads_every_request_to_its_own_host(office: FakeOffice, settings: Settings) -> None:
    settings.TWILIO_REGION = "ie1"
    office.region = "ie1"
    assert not any("not known in the region" in fault for fault in faults())
    assert office.region_asked == "ie1"


def test_suspended_account_is_a_fault(office: FakeOffice) -> None:
    office.account_status = "suspended"
    assert "Account: The account is suspended" in faults()


def test_wrong_token_is_one_clear_fault(office: FakeOffice, settings: Settings) -> None:
    settings.TWILIO_AUTH_TOKEN = "another token"
    assert [fault for fault in faults() if "refused" in fault and "401" in fault]


def test_missing_credentials_are_named_and_never_shown(office: FakeOffice, settings: Settings) -> None:
    settings.TWILIO_API_KEY_SECRET = ""
    text = " ".join(f"{found.text} {found.remedy}" for found in carrier_findings())
    assert "TWILIO_API_KEY_SECRET" in text and AUTH_TOKEN not in text


@pytest.mark.parametrize("address", ["http://desk.example.com", "https://my_desk.example.com"])
def test_address_that_the_carrier_cannot_use_is_a_fault(office: FakeOffice, settings: Settings, address: str) -> None:
    settings.PUBLIC_BASE_URL = address
    assert any(fault.startswith("Public address") for fault in faults())


def test_desk_without_an_account_is_in_order(settings: Settings, db: None) -> None:
    settings.TWILIO_ACCOUNT_SID = settings.TWILIO_AUTH_TOKEN = ""
    assert {found.level for found in carrier_findings()} == {Level.OK}


def test_test_call_says_that_the_desk_can_call(office: FakeOffice, ada: User) -> None:
    office.sell(NUMBER)
    call_to_test(PhoneLine.objects.get(), "+8613800138000", by=ada)
    (call,) = office.placed
    assert (call["To"], call["From"]) == ("+8613800138000", NUMBER)
    assert [verb.name for verb in markup.read(call["Twiml"])] == ["Say", "Hangup"]


def test_test_call_from_a_foreign_number_is_refused_in_the_carriers_words(office: FakeOffice, ada: User) -> None:
    with pytest.raises(CarrierError, match="not a number of this account"):
        call_to_test(PhoneLine.objects.get(), "+8613800138000", by=ada)


def test_echo_comes_through_the_public_address(live_server: LiveServer, settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = live_server.url
    public_address.echo(Account.configured())


def test_echo_tells_an_address_that_was_changed_on_the_way(live_server: LiveServer, settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = f"{live_server.url}/proxy"
    with pytest.raises(public_address.Unreachable):
        public_address.echo(Account.configured())


def test_echo_tells_a_closed_port(settings: Settings) -> None:
    settings.PUBLIC_BASE_URL = "http://127.0.0.1:9"
    with pytest.raises(public_address.Unreachable):
        public_address.echo(Account.configured())


def test_echo_answers_only_what_was_signed(line: Line) -> None:
    fields = {"nonce": "n1"}
    path = "/telephony/twilio/echo/"
    assert Client().post(path, fields).status_code == 403
    good = {"X-Twilio-Signature": sign(AUTH_TOKEN, BASE_URL + path, fields)}
    answer = Client().generic("POST", path, "nonce=n1", "application/x-www-form-urlencoded", headers=good)
    assert answer.json() == {"nonce": "n1"}


def test_fallback_is_a_document_that_the_carrier_can_read() -> None:
    text = Path(str(find("telephony/fallback.xml"))).read_text()
    assert [verb.name for verb in markup.read(text.partition("?>")[2].strip())] == ["Say", "Say", "Hangup"]


def test_every_variable_of_the_account_is_listed(settings: Settings) -> None:
    assert all(is_set for _, is_set in carrier_checks.credentials(Account.configured()))
