"""What a calendar means for somebody who wants to call."""

from datetime import UTC, datetime

from crmcore.working_time import WorkingCalendar, working_calendar
from servicedesk.portal.hours import opening

WEEK = {day: [["09:00", "12:00"], ["13:30", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


def hangzhou(weekly: dict[str, list[list[str]]] = WEEK) -> WorkingCalendar:
    return working_calendar("Asia/Shanghai", weekly, [])


def at(text: str) -> datetime:
    """A moment on the wall in Hangzhou."""
    return datetime.fromisoformat(f"{text}+08:00")


def test_open_until_the_end_of_the_present_span() -> None:
    found = opening(hangzhou(), at("2026-11-23T10:00"))
    assert (found.is_open, found.until) == (True, at("2026-11-23T12:00"))


def test_closed_over_lunch_opens_after_it() -> None:
    found = opening(hangzhou(), at("2026-11-23T12:30"))
    assert (found.is_open, found.opens) == (False, at("2026-11-23T13:30"))


def test_closed_at_the_weekend_opens_on_monday() -> None:
    assert opening(hangzhou(), at("2026-11-21T10:00")).opens == at("2026-11-23T09:00")


def test_a_span_past_midnight_is_still_open_after_it() -> None:
    night = hangzhou({"mon": [["22:00", "06:00"]]})
    assert opening(night, at("2026-11-24T03:00")).until == at("2026-11-24T06:00")


def test_day_and_night_has_no_end() -> None:
    always = hangzhou({day: [["00:00", "24:00"]] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")})
    found = opening(always, at("2026-11-23T10:00"))
    assert (found.is_open, found.until, found.same_every_day) == (True, None, True)


def test_today_lists_its_spans_as_moments() -> None:
    found = opening(hangzhou(), at("2026-11-23T10:00"))
    assert found.today[0] == (at("2026-11-23T09:00"), at("2026-11-23T12:00"))
    assert found.same_every_day is False


def test_a_calendar_that_never_opens_promises_nothing() -> None:
    found = opening(hangzhou({}), datetime(2026, 11, 23, tzinfo=UTC))
    assert (found.is_open, found.opens, found.today) == (False, None, ())
