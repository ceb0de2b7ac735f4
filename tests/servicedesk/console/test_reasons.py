"""The bar says why no calls come, and what comes after the present work."""

import pytest
from django.test import Client

from crmcore.actions import people, presence
from crmcore.models import AnsweringPolicy, User
from telephony.actions import readiness
from tests.telephony.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def sun(desk: Desk) -> User:
    return people.create_user("sun", name="Sun", password=None, roles=["supervisor"], teams=[desk.team], by=None)


def bar(browser: Client) -> str:
    return " ".join(browser.get("/console/bar/").content.decode().split())


def test_missed_call_says_since_when_and_how_many(desk: Desk, browser: Client, mei: User) -> None:
    desk.call(provider="simulated")
    desk.wait(25)
    assert ", 1 missed" in bar(browser)


def test_two_wrap_ups_that_ran_out_are_named(desk: Desk, browser: Client, mei: User) -> None:
    for number in ("+8613900139001", "+8613900139002"):
        call = desk.call(number, provider="simulated")
        desk.accept(call)
        desk.hangs_up(call)
        desk.wait(60)
    assert "two wrap-ups ran out" in bar(browser)


def test_pause_after_a_miss_is_shown(desk: Desk, browser: Client, mei: User) -> None:
    AnsweringPolicy.objects.create(pk=1, misses_allowed=5, pause_after_miss_s=600)
    desk.call(provider="simulated")
    desk.wait(25)
    ready_at = desk.presence(mei).ready_at
    assert ready_at is not None and ready_at > desk.moment


def test_refused_microphone_is_shown_instead_of_ready(desk: Desk, browser: Client, mei: User) -> None:
    assert desk.do(browser.post, "/console/phone/", {"fault": "microphone"}).status_code == 204
    shown = bar(browser)
    assert "The browser refuses the microphone" in shown
    assert "Test again" in shown
    desk.do(browser.post, "/console/phone/", {"fault": ""})
    assert "Test again" not in bar(browser)


def test_unknown_fault_is_refused(desk: Desk, browser: Client, mei: User) -> None:
    assert browser.post("/console/phone/", {"fault": "tired"}).status_code == 400


def test_supervisors_word_is_shown_with_the_name(desk: Desk, browser: Client, mei: User, sun: User) -> None:
    desk.do(readiness.choose, mei, "aux", aux_code="meeting", by=sun)
    assert "Set by Sun" in bar(browser)


def test_next_state_is_shown_during_a_call(desk: Desk, browser: Client, mei: User, sun: User) -> None:
    call = desk.call(provider="simulated")
    desk.accept(call)
    assert "What comes after this" in bar(browser)
    desk.do(presence.choose, mei, "aux", aux_code="meal", by=sun)
    assert "After this: Meal (Sun)" in bar(browser)


def test_wrap_up_without_a_timer_says_so(desk: Desk, browser: Client, mei: User) -> None:
    desk.queue.wrap_up_mode = "mandatory"
    desk.queue.save()
    call = desk.call(provider="simulated", queue=desk.queue)
    desk.accept(call)
    desk.hangs_up(call)
    shown = bar(browser)
    assert "until an outcome is chosen" in shown
    assert "30 s more" not in shown
