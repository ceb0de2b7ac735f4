"""Calls over the REST API."""

from typing import Any

from django.test import Client

from crmcore.actions import people
from crmcore.models import User
from tests.telephony.desk import Desk


def get(desk: Desk, user: User, path: str = "", **query: str) -> Any:
    client = Client()
    client.force_login(user)
    return desk.do(client.get, f"/api/v1/calls/{path}", query)


def test_calls_are_listed_latest_first_with_their_legs(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    first, second = desk.talk(desk.call()), desk.call("+8613900139000")
    answer = get(desk, mei)
    rows = answer.json()["results"]
    assert [row["id"] for row in rows] == [second.pk, first.pk]
    assert rows[1]["state"] == "talking"
    assert {leg["kind"] for leg in rows[1]["legs"]} == {"customer", "agent"}


def test_calls_are_found_by_number_in_any_form(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    desk.call("+8613900139000")
    call = desk.call()
    rows = get(desk, mei, phone="138 0013 8000").json()["results"]
    assert [row["id"] for row in rows] == [call.pk]


def test_calls_of_another_team_do_not_exist(desk: Desk) -> None:
    call = desk.call()
    omar = desk.new_agent("omar", desk.new_queue("others"), team=people.create_team("others", "Others"))
    assert get(desk, omar).json()["results"] == []
    assert get(desk, omar, f"{call.pk}/").status_code == 404


def test_calls_cannot_be_written(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    client = Client()
    client.force_login(mei)
    assert client.post("/api/v1/calls/", {}).status_code in (403, 405)
