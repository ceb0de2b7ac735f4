"""A customer who would rather be called: keeps the place, may change their mind, and only for a number that we know."""

import pytest
from django.test import Client
from pytest_django import Settings

from crmcore.models import ContactPoint
from telephony.models import Call, Callback
from telephony.states import CallOutcome, CallState
from tests.cast import Cast

NUMBER = "+8613800138000"


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def waiting(cast: Cast, zhao: Client) -> Call:
    ContactPoint.objects.filter(contact=cast.zhao.contact, kind=ContactPoint.Kind.PHONE).delete()
    ContactPoint.objects.create(contact=cast.zhao.contact, kind=ContactPoint.Kind.PHONE, raw=NUMBER, value=NUMBER)
    assert zhao.post("/portal/call/place/", {"once": "one"}).status_code == 201
    return Call.objects.get()


def test_waiting_customer_is_offered_to_be_called(zhao: Client, waiting: Call) -> None:
    page = zhao.get("/portal/call/").content.decode()
    assert "Call me back" in page and "138 0013 8000" in page


def test_customer_leaves_the_line_and_is_owed_a_call(zhao: Client, waiting: Call) -> None:
    for _ in range(2):
        answer = zhao.post("/portal/call/back/ask/").content.decode()
        assert "We call you back" in answer
    waiting.refresh_from_db()
    callback = Callback.objects.get()
    assert (waiting.outcome, callback.number, callback.origin) == (CallOutcome.CALLBACK, NUMBER, waiting)
    assert "We call you back" in zhao.get("/portal/call/").content.decode()


def test_customer_who_needs_no_call_any_more_is_not_called(zhao: Client, waiting: Call) -> None:
    zhao.post("/portal/call/back/ask/")
    for _ in range(2):
        assert "We call you back" not in zhao.post("/portal/call/back/withdraw/").content.decode()
    assert Callback.objects.get().state == Callback.State.CANCELED


def test_no_number_of_the_customers_choice_is_called(zhao: Client, waiting: Call) -> None:
    zhao.post("/portal/call/back/ask/", {"number": "+19005550100"})
    assert Callback.objects.get().number == NUMBER


def test_number_that_may_not_be_called_is_not_offered(zhao: Client, waiting: Call) -> None:
    ContactPoint.objects.update(opted_out=True)
    assert "Call me back" not in zhao.get("/portal/call/").content.decode()
    assert "Do not call" in zhao.post("/portal/call/back/ask/").content.decode()
    waiting.refresh_from_db()
    assert waiting.state == CallState.QUEUED


def test_stranger_asks_for_nothing(client: Client, cast: Cast) -> None:
    assert client.post("/portal/call/back/ask/").status_code == 302


def test_the_end_of_the_wait_says_that_we_call_back(zhao: Client, waiting: Call) -> None:
    assert "The call is over" in zhao.get("/portal/call/ended/").content.decode()
    zhao.post("/portal/call/back/ask/")
    told = zhao.get("/portal/call/ended/").content.decode()
    assert "We call you back" in told and "The call is over" not in told
