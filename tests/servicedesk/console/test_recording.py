"""The bar says whether the conversation is recorded, and offers what the agent may do about it."""

import pytest
from django.test import Client

from crmcore.models import User
from telephony.actions.recording_notice import notice_told
from telephony.models import Call, RecordingNotice, RecordingPolicy
from tests.telephony.desk import Desk

pytestmark = pytest.mark.django_db


def talking(desk: Desk, mode: str, **rules: object) -> Call:
    RecordingPolicy.objects.create(queue=desk.queue, mode=mode, **rules)
    return desk.talk(desk.call(provider="browser"))


def bar(browser: Client) -> str:
    return browser.get("/console/bar/").content.decode()


def press(browser: Client, call: Call, change: str) -> int:
    return browser.post(f"/telephony/calls/{call.pk}/recording/{change}/").status_code


def test_recorded_conversation_can_be_paused_but_not_stopped(desk: Desk, mei: User, browser: Client) -> None:
    call = talking(desk, "always")
    shown = bar(browser)
    assert "Recording since" in shown and "Pause for payment" in shown and "Stop recording" not in shown
    assert desk.do(press, browser, call, "stop") == 409
    assert desk.do(press, browser, call, "pause") == 204
    assert "Record again" in bar(browser)


def test_agent_starts_and_stops_where_the_queue_leaves_it_to_them(desk: Desk, mei: User, browser: Client) -> None:
    call = talking(desk, "on_demand")
    assert 'data-key="Ctrl+F9"' in bar(browser) and "Recording since" not in bar(browser)
    assert desk.do(press, browser, call, "start") == 204
    assert "Stop recording" in bar(browser)


def test_refusal_is_read_in_the_bar(desk: Desk, mei: User, browser: Client) -> None:
    call = talking(desk, "always", consent="may_refuse")
    desk.do(notice_told, call.pk, answer=RecordingNotice.Answer.REFUSED)
    shown = bar(browser)
    assert "Recording refused" in shown and "Recording since" not in shown
