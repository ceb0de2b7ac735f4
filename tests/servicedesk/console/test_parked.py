"""Parked calls where people see them: the agent's bar and list, the board, the customer's page, the settings."""

import pytest
from django.test import Client

from crmcore.actions import people
from crmcore.models import User
from telephony.actions.parking import park
from telephony.models import Call, ParkingPolicy
from tests.servicedesk.console.conftest import signed_in
from tests.telephony.desk import Desk


@pytest.fixture
def call(desk: Desk, mei: User) -> Call:
    return desk.talk(desk.call(provider="browser"))


def test_call_can_be_parked_by_one_key(browser: Client, call: Call) -> None:
    bar = browser.get("/console/bar/").content.decode()
    assert f"/telephony/calls/{call.pk}/park/" in bar and 'data-key="Ctrl+F8"' in bar


def test_whole_team_sees_the_parked_call_and_may_pick_it_up(desk: Desk, mei: User, browser: Client, call: Call) -> None:
    assert desk.do(browser.post, f"/telephony/calls/{call.pk}/park/").status_code == 204
    lin = signed_in(desk.new_agent("Lin"))
    for client in (browser, lin):
        rows = client.get("/console/list/").content.decode()
        assert f"/telephony/calls/{call.pk}/pick-up/" in rows and "Parked by Mei" in rows
    answer = desk.do(lin.post, f"/telephony/calls/{call.pk}/pick-up/")
    assert answer.status_code == 200 and answer.json()["join_ticket"]
    assert desk.do(browser.post, f"/telephony/calls/{call.pk}/pick-up/").status_code == 409
    assert "Parked by" not in browser.get("/console/list/").content.decode()


def test_board_shows_who_parked_it(desk: Desk, mei: User, call: Call) -> None:
    desk.do(park, call.pk, by=mei)
    anna = people.create_user("anna", name="Anna", password=None, roles=["supervisor"], teams=[desk.team], by=None)
    desk.team.leader = anna
    desk.team.save()
    panel = signed_in(anna).get("/supervisor/panels/line/?desks=all").content.decode()
    assert "Parked calls" in panel and "Mei" in panel


def test_administrator_says_how_long_it_may_wait(desk: Desk) -> None:
    ada = signed_in(people.create_user("ada", name="Ada", password=None, roles=["admin"], by=None))
    assert ada.post("/settings/parking/", {"returns_after_s": "5"}).status_code == 422
    assert ada.post("/settings/parking/", {"returns_after_s": "90"}).status_code == 302
    assert ParkingPolicy.current().returns_after_s == 90
    form = {"misses_allowed": "1", "pause_after_miss_s": "5", "ready_after_s": "60"}
    assert ada.post("/settings/answering/", form).status_code == 302
