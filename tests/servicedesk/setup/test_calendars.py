"""The settings of opening hours: who may change them, what is refused, what running clocks feel."""

from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from crmcore import clock
from crmcore.models import Calendar, CalendarVersion
from crmcore.working_time import WEEKDAYS, working_calendar
from tests.tickets.conftest import OpenTicket, at
from tests.tickets.conftest import cast as cast
from tests.tickets.conftest import open_at as open_at
from tickets.actions.replies import reply
from tickets.models import SlaClock

MONDAY = "2026-11-23T09:00"
NOON = at("2026-11-23T12:00")


@pytest.fixture
def ada(cast: Any) -> Client:
    client = Client()
    client.force_login(cast.ada)
    return client


def support() -> Calendar:
    return Calendar.objects.get(code="support")


def newest() -> CalendarVersion:
    return support().versions.latest("number")


def address() -> str:
    return reverse("setup:calendar", args=[support().pk])


def send(client: Client, part: str, **fields: Any) -> Any:
    facts = {"part": part, "seen": newest().number} | fields
    with clock.at(NOON):
        return client.post(address(), facts)


def week(**changes: str) -> dict[str, str]:
    hours = {f"week-hours_{day}": "9-17" if day in WEEKDAYS[:5] else "" for day in WEEKDAYS}
    return {"week-name": "Support hours", "week-time_zone": "Asia/Shanghai"} | hours | changes


def is_open(moment: str) -> bool:
    version = newest()
    return working_calendar(version.time_zone, version.weekly, version.overrides).is_open(at(moment))


def due_of(ticket: Any) -> datetime | None:
    return SlaClock.objects.get(ticket=ticket, metric="resolution").due_at


@pytest.mark.parametrize("who", ["mei", "zhao"])
def test_agents_and_customers_are_refused(cast: Any, who: str) -> None:
    client = Client()
    client.force_login(getattr(cast, who))
    assert {client.get(address()).status_code, client.get(reverse("setup:calendars")).status_code} == {403}


def test_the_page_says_who_goes_by_the_calendar(ada: Client) -> None:
    page = ada.get(address())
    assert [queue.code for queue in page.context["queues"]] == ["support"]


def test_the_list_says_whether_each_is_open(ada: Client) -> None:
    with clock.at(NOON):
        rows = ada.get(reverse("setup:calendars")).context["rows"]
    assert {calendar.code: preview.is_open for calendar, _version, preview in rows}["support"]


def test_several_intervals_of_a_day_are_kept(ada: Client) -> None:
    assert send(ada, "week", **week(**{"week-hours_mon": "9-12, 13:30-17"})).status_code == 302
    assert newest().weekly["mon"] == [["09:00", "12:00"], ["13:30", "17:00"]]


def test_hours_that_cannot_be_read_are_kept_in_the_field_with_the_reason(ada: Client) -> None:
    answer = send(ada, "week", **week(**{"week-hours_mon": "all day"}))
    assert answer.status_code == 422
    assert "all day" in answer.content.decode()
    assert newest().number == 1


def test_a_week_without_an_open_hour_is_refused(ada: Client) -> None:
    answer = send(ada, "week", **week(**{f"week-hours_{day}": "" for day in WEEKDAYS}))
    assert answer.status_code == 422
    assert newest().number == 1


def test_saving_what_stands_makes_no_version(ada: Client) -> None:
    send(ada, "week", **week(**{"week-name": "Office"}))
    assert (newest().number, support().name) == (1, "Office")


def test_a_range_closes_its_days(ada: Client) -> None:
    send(ada, "day", **{"day-first": "2026-11-24", "day-last": "2026-11-25", "day-what": "closed"})
    assert [is_open(f"2026-11-{day}T10:00") for day in (23, 24, 25, 26)] == [True, False, False, True]


def test_a_make_up_day_is_worked_like_its_weekday(ada: Client) -> None:
    send(ada, "day", **{"day-first": "2026-11-28", "day-what": "mon"})
    assert is_open("2026-11-28T10:00")


def test_a_yearly_day_comes_back(ada: Client) -> None:
    send(ada, "day", **{"day-first": "2026-12-25", "day-what": "closed", "day-yearly": "on"})
    assert not is_open("2028-12-25T10:00")


def test_a_removed_day_is_worked_again(ada: Client) -> None:
    send(ada, "day", **{"day-first": "2026-11-24", "day-what": "closed"})
    send(ada, "remove", day="2026-11-24")
    assert is_open("2026-11-24T10:00")


def test_one_bad_line_of_a_list_stops_the_whole_and_is_named(ada: Client) -> None:
    answer = send(ada, "list", **{"list-lines": "2026-11-24,closed\nsoon"})
    assert answer.status_code == 422
    assert "Line 2 (soon)" in answer.content.decode()
    assert newest().number == 1


def test_a_file_is_imported(ada: Client) -> None:
    file = SimpleUploadedFile("days.csv", "2026-11-24,放假,测试".encode())
    assert send(ada, "list", **{"list-file": file}).status_code == 302
    assert not is_open("2026-11-24T10:00")


def test_a_file_that_is_not_text_is_refused(ada: Client) -> None:
    file = SimpleUploadedFile("days.ics", b"\xff\xfe\x00")
    assert send(ada, "list", **{"list-file": file}).status_code == 422


def test_a_change_that_clocks_feel_is_told_before_it_is_saved(ada: Client, open_at: OpenTicket) -> None:
    open_at(MONDAY)
    answer = send(ada, "day", **{"day-first": "2026-11-23", "day-what": "closed"})
    effect = answer.context["effect"]
    assert (answer.status_code, newest().number, effect.later, effect.sooner) == (422, 1, 2, 0)


def test_confirmed_the_running_clocks_follow(
    ada: Client, open_at: OpenTicket, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = open_at(MONDAY)
    before = due_of(ticket)
    with django_capture_on_commit_callbacks(execute=True), clock.at(NOON):
        send(ada, "day", confirmed="1", **{"day-first": "2026-11-23", "day-what": "closed"})
    assert (before, due_of(ticket)) == (at("2026-11-23T17:00"), at("2026-11-24T17:00"))
    promised = SlaClock.objects.filter(target_s__isnull=False)
    assert set(promised.values_list("calendar_version__number", flat=True)) == {2}


def test_clocks_that_have_ended_stay_as_they_were(
    ada: Client, cast: Any, open_at: OpenTicket, django_capture_on_commit_callbacks: Any
) -> None:
    ticket = open_at(MONDAY)
    with clock.at(NOON):
        reply(ticket, by=cast.mei, body="On it.")
    with django_capture_on_commit_callbacks(execute=True), clock.at(NOON):
        send(ada, "day", confirmed="1", **{"day-first": "2026-11-23", "day-what": "closed"})
    assert SlaClock.objects.get(ticket=ticket, metric="first_reply").due_at == at("2026-11-23T13:00")


def test_a_page_that_somebody_overtook_changes_nothing(ada: Client) -> None:
    send(ada, "day", **{"day-first": "2026-11-24", "day-what": "closed"})
    answer = send(ada, "day", seen=1, **{"day-first": "2026-11-25", "day-what": "closed"})
    assert (answer.status_code, newest().number) == (422, 2)
    assert "2026-11-25" in answer.content.decode()


def test_the_strip_answers_for_the_moment_asked_about(ada: Client) -> None:
    preview = ada.get(address(), {"at": "2026-11-27T16:59"}).context["preview"]
    assert (preview.is_open, preview.until) == (True, at("2026-11-27T17:00"))
    preview = ada.get(address(), {"at": "2026-11-27T17:00"}).context["preview"]
    assert (preview.is_open, preview.until) == (False, at("2026-11-30T09:00"))
    assert len(preview.days) == 7


def test_a_new_calendar_begins_with_its_week(ada: Client) -> None:
    facts = {name.removeprefix("week-"): value for name, value in week().items()} | {
        "name": "夜班",
        "hours_mon": "22-6",
    }
    answer = ada.post(reverse("setup:new_calendar"), facts)
    assert answer.status_code == 302
    assert CalendarVersion.objects.get(calendar__name="夜班").weekly["mon"] == [["22:00", "06:00"]]
