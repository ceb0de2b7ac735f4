"""Missed and promised calls on the console: shown, called back, done with, promised."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from crmcore.models import Account, Contact, ContactPoint, User
from servicedesk.console.promise import PromiseForm
from telephony.actions.outgoing import Target
from telephony.models import Callback, MissedCall
from tests.servicedesk.console.conftest import DANA, signed_in
from tests.telephony.desk import Desk

PROMISE = f"/console/promise/?number={DANA.replace('+', '%2B')}"


@pytest.fixture(autouse=True)
def demo(settings: Settings) -> None:
    settings.DEMO = True


@pytest.fixture
def missed(desk: Desk, dana: Contact) -> MissedCall:
    call = desk.call(DANA, provider="simulated")
    desk.moment += timedelta(seconds=65)
    desk.hangs_up(call)
    return MissedCall.objects.get()


def test_missed_caller_stands_in_the_list_and_on_the_page(missed: MissedCall, desk: Desk, browser: Client) -> None:
    for address in ("/console/list/", "/console/missed/"):
        page = browser.get(address).content.decode()
        assert "Dana Whitlock" in page and f'data-number="{DANA}"' in page
    assert "1:05" in browser.get("/console/missed/").content.decode()


def test_done_takes_it_off_the_page(missed: MissedCall, desk: Desk, browser: Client) -> None:
    for _ in range(2):
        assert desk.do(browser.post, f"/telephony/missed/{missed.pk}/done/").status_code == 204
    assert "Dana Whitlock" not in browser.get("/console/missed/").content.decode()


def test_other_teams_see_none_of_it(missed: MissedCall, desk: Desk) -> None:
    stranger = desk.new_agent("stranger")
    stranger.teams.clear()
    browser = signed_in(User.objects.get(pk=stranger.pk))
    assert "Dana Whitlock" not in browser.get("/console/missed/").content.decode()
    assert desk.do(browser.post, f"/telephony/missed/{missed.pk}/done/").status_code == 404


def test_page_does_not_ask_more_for_more_callers(
    desk: Desk, browser: Client, django_assert_max_num_queries: object
) -> None:
    for n in range(12):
        call = desk.call(f"+86138001380{n:02d}", provider="simulated")
        desk.moment += timedelta(seconds=30)
        desk.hangs_up(call)
    with django_assert_max_num_queries(40):  # type: ignore[operator]
        assert browser.get("/console/missed/").status_code == 200


def test_promise_is_read_on_the_customers_clock(dana: Contact, ellery: Account, mei: User) -> None:
    now = datetime(2026, 3, 2, 1, tzinfo=UTC)
    form = PromiseForm(DANA, Target(dana, ellery), mei, now, day="2026-03-03", time="09:30")
    assert form.city == "New York"
    assert form.moment("at") == datetime(2026, 3, 3, 14, 30, tzinfo=UTC)
    assert form.moment("tomorrow") == datetime(2026, 3, 2, 15, tzinfo=UTC)
    assert form.moment("hour") == now + timedelta(hours=1)


def test_promise_is_made_and_stands_in_the_list(desk: Desk, browser: Client, mei: User, dana: Contact) -> None:
    page = browser.get(f"{PROMISE}&contact={dana.pk}").content.decode()
    assert "Promise Dana Whitlock a call" in page
    answer = desk.do(browser.post, f"{PROMISE}&contact={dana.pk}", {"when": "hour", "note": "the quote"})
    assert answer.status_code == 200 and "data-promised" in answer.content.decode()
    callback = Callback.objects.get()
    assert (callback.owner, callback.contact, callback.note) == (mei, dana, "the quote")
    assert "the quote" in browser.get("/console/list/").content.decode()
    assert "Call promised" in browser.get(f"/console/customer/?contact={dana.pk}").content.decode()


@pytest.mark.parametrize(("day", "time"), [("2020-01-01", "10:00"), ("soon", "10:00"), ("2026-03-04", "noon")])
def test_time_that_cannot_be_promised_loses_nothing(
    desk: Desk, browser: Client, dana: Contact, day: str, time: str
) -> None:
    answer = desk.do(browser.post, PROMISE, {"when": "at", "day": day, "time": time, "note": "the quote"})
    assert answer.status_code == 422
    assert "still to come" in answer.content.decode() and 'value="the quote"' in answer.content.decode()
    assert not Callback.objects.exists()


def test_number_that_may_not_be_called_is_not_promised_either(desk: Desk, browser: Client, dana: Contact) -> None:
    ContactPoint.objects.update(opted_out=True)
    answer = desk.do(browser.post, PROMISE, {"when": "hour"})
    assert answer.status_code == 422 and "Do not call" in answer.content.decode()


def test_call_back_rings_as_what_it_is(desk: Desk, browser: Client, mei: User, dana: Contact) -> None:
    desk.do(browser.post, f"{PROMISE}&contact={dana.pk}", {"when": "hour"})
    desk.wait(3601)
    bar = browser.get("/console/bar/").content.decode()
    assert 'data-look="ringing"' in bar and "Call back" in bar and "Incoming call" not in bar


def test_promise_is_called_off(desk: Desk, browser: Client, dana: Contact) -> None:
    desk.do(browser.post, PROMISE, {"when": "hour"})
    callback = Callback.objects.get()
    assert desk.do(browser.post, f"/telephony/callbacks/{callback.pk}/call-off/").status_code == 204
    desk.wait(3601)
    assert not callback.queue.calls.exists()
