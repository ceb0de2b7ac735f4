"""Passing a call on to an outside number, as the agent sees and does it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from crmcore.models import User
from telephony.actions.fold import fold
from telephony.models import Call, CallLeg, DirectoryEntry
from telephony.providers import registry
from telephony.providers.outside import PartyFailed
from telephony.states import CallState, LegKind
from tests.telephony.carriers import ReachingCarrier
from tests.telephony.desk import Desk

PLUMBER = "+442079460123"


@pytest.fixture
def reaching(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A carrier that calls outside numbers."""
    monkeypatch.setitem(registry.PROVIDERS, ReachingCarrier.code, "tests.telephony.carriers.ReachingCarrier")
    yield ReachingCarrier.code
    registry.provider_of.cache_clear()


@pytest.fixture
def call(desk: Desk, mei: User, reaching: str) -> Call:
    return desk.talk(desk.call(provider=reaching))


def command(desk: Desk, browser: Client, call: Call, what: str, **values: Any) -> Any:
    return desk.do(browser.post, f"/telephony/calls/{call.pk}/{what}/", values)


def bar(browser: Client) -> str:
    return browser.get("/console/bar/").content.decode()


def test_directory_and_typed_number_stand_in_the_transfer_list(browser: Client, call: Call) -> None:
    DirectoryEntry.objects.create(code="plumber", name="Plumber", number=PLUMBER, note="Weekdays only")
    by_name = browser.get("/console/directory/", {"q": "plum"}).content.decode()
    assert f'data-values=\'{{"number": "{PLUMBER}"}}\'' in by_name and "Weekdays only" in by_name
    assert "+8613800138111" in browser.get("/console/directory/", {"q": "138 0013 8111"}).content.decode()


def test_browser_call_says_why_it_reaches_no_numbers(desk: Desk, mei: User, browser: Client) -> None:
    desk.talk(desk.call(provider="browser"))
    answer = browser.get("/console/directory/", {"q": PLUMBER}).content.decode()
    assert "data-ask" not in answer and "speaks through a browser" in answer


def test_bar_says_whom_we_call_and_why_nobody_came(desk: Desk, browser: Client, call: Call) -> None:
    DirectoryEntry.objects.create(code="plumber", name="Plumber", number=PLUMBER)
    assert command(desk, browser, call, "consult", number=PLUMBER).status_code == 204
    assert "Calling Plumber, the customer hears music" in bar(browser)
    leg = CallLeg.objects.get(kind=LegKind.EXTERNAL)
    names = {"provider": call.provider, "provider_call_id": call.provider_call_id, "token": "busy"}
    desk.do(fold, PartyFailed(**names, leg_id=leg.pk, reason="busy"))
    assert "Plumber: Busy. The customer still hears music" in bar(browser)
    command(desk, browser, call, "resume")
    assert "Busy" not in bar(browser)


def test_outside_party_can_be_let_go_by_name(desk: Desk, browser: Client, call: Call) -> None:
    command(desk, browser, call, "consult", number=PLUMBER)
    desk.joins(call, leg := CallLeg.objects.get(kind=LegKind.EXTERNAL))
    command(desk, browser, call, "merge")
    assert "Drop +44 20 7946 0123" in bar(browser)
    command(desk, browser, call, "drop", leg=leg.pk)
    assert desk.again(call).state == CallState.TALKING and "Conference" not in bar(browser)


def test_refusal_is_said_in_words_and_the_call_goes_on(desk: Desk, browser: Client, call: Call) -> None:
    answer = command(desk, browser, call, "transfer", number="the plumber")
    assert (answer.status_code, answer.json()["title"]) == (422, "This is not a number that can be called.")
    assert desk.again(call).state == CallState.TALKING
