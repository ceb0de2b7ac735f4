"""Where a number is shown it can be called, and nowhere where nobody could carry the call."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from crmcore.models import Account, Contact, ContactPoint, User
from telephony.models import Call
from telephony.states import CallState
from tests.servicedesk.console.conftest import DANA, signed_in
from tests.servicedesk.console.test_calls import ticket_of
from tests.telephony.desk import Desk

DIAL = "/telephony/dial/"
BUTTON = f'data-number="{DANA}"'


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    """With the demo there is always somebody who answers."""
    settings.DEMO = True


def dial(desk: Desk, browser: Client, number: str = DANA, **target: Any) -> Any:
    return desk.do(browser.post, DIAL, {"number": number, **target})


@pytest.mark.parametrize("where", ["/console/customer/more/?contact={contact}", "/crm/contacts/{contact}/"])
def test_numbers_of_a_customer_can_be_called(browser: Client, dana: Contact, where: str) -> None:
    assert BUTTON in browser.get(where.format(contact=dana.pk)).content.decode()


@pytest.mark.parametrize("words", ["Dana", "2025550147", "+1 202 555 0147"])
def test_palette_offers_to_call(browser: Client, dana: Contact, words: str) -> None:
    assert BUTTON in browser.get("/console/palette/", {"q": words}).content.decode()


def test_number_that_nobody_has_can_be_called_from_the_palette(browser: Client) -> None:
    assert 'data-number="+8613800138000"' in browser.get("/console/palette/", {"q": "138 0013 8000"}).content.decode()


def test_where_no_carrier_dials_there_is_no_button(browser: Client, dana: Contact, settings: Settings) -> None:
    settings.DEMO = False
    assert BUTTON not in browser.get(f"/crm/contacts/{dana.pk}/").content.decode()
    assert BUTTON not in browser.get("/console/palette/", {"q": "Dana"}).content.decode()


def test_number_that_may_not_be_called_has_no_button(browser: Client, dana: Contact) -> None:
    ContactPoint.objects.update(opted_out=True)
    assert BUTTON not in browser.get(f"/crm/contacts/{dana.pk}/").content.decode()


def test_ticket_offers_the_requesters_own_number_then_that_of_the_company(
    desk: Desk, browser: Client, dana: Contact, ellery: Account
) -> None:
    ContactPoint.objects.create(account=ellery, kind="phone", value="+12025550199", raw="202 555 0199")
    ticket = desk.do(ticket_of, dana, desk.queue, "Tunnel drops")
    page = browser.get(ticket.get_absolute_url()).content.decode()
    assert BUTTON in page
    assert 'data-number="+12025550199"' not in page
    dana.points.all().delete()
    assert 'data-number="+12025550199"' in browser.get(ticket.get_absolute_url()).content.decode()


def test_button_places_the_call_for_the_customer_of_the_page(
    desk: Desk, browser: Client, dana: Contact, ellery: Account
) -> None:
    answer = dial(desk, browser, contact=dana.pk, account=ellery.pk)
    call = Call.objects.get()
    assert (answer.status_code, answer.json()["call"]) == (200, call.pk)
    assert (call.contact, call.account) == (dana, ellery)
    bar = browser.get("/console/bar/").content.decode()
    assert 'data-look="connecting"' in bar and "Dana Whitlock" in bar and "Dialling" in bar


def test_refusal_is_answered_in_words(desk: Desk, browser: Client, dana: Contact) -> None:
    ContactPoint.objects.update(opted_out=True)
    answer = dial(desk, browser)
    assert (answer.status_code, answer.json()["reason"]) == (422, "do_not_call")
    assert answer.json()["title"].startswith("Do not call")
    assert not Call.objects.exists()


def test_pressed_twice_it_is_one_call(desk: Desk, browser: Client, dana: Contact) -> None:
    first, second = dial(desk, browser), dial(desk, browser)
    assert first.json()["call"] == second.json()["call"]


def test_customers_and_strangers_place_no_calls(desk: Desk, mei: User, dana: Contact) -> None:
    mei.roles.clear()
    assert dial(desk, signed_in(User.objects.get(pk=mei.pk))).status_code == 403
    assert dial(desk, Client()).status_code == 302
    assert not Call.objects.exists()


def test_hang_up_while_it_rings_leaves_the_bar_ready(desk: Desk, browser: Client, dana: Contact) -> None:
    call_id = dial(desk, browser).json()["call"]
    assert Call.objects.get().state in (CallState.DIALING, CallState.RINGING)
    desk.do(browser.post, f"/telephony/calls/{call_id}/hang-up/")
    assert 'data-look="ready"' in browser.get("/console/bar/").content.decode()
