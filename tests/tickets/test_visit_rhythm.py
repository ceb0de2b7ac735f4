"""Months, occasions and working days, without a database."""

from datetime import date, datetime

import pytest

from crmcore.working_time import WorkingCalendar, working_calendar
from tickets.visit_rhythm import due_within, months_after, occasions

DAYS = {day: [["09:00", "12:00"], ["13:00", "17:30"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.fixture
def office() -> WorkingCalendar:
    """Monday to Friday in Shanghai; the first three days of October are closed."""
    closed = [{"date": f"2026-10-0{day}", "kind": "closed"} for day in (1, 2, 3)]
    return working_calendar("Asia/Shanghai", DAYS, closed)


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_where_the_month_ends(day: date, months: int, later: date) -> None:
    assert months_after(day, months) == later


def test_short_months_do_not_shorten_the_following_ones() -> None:
    days = occasions(date(2026, 1, 31), 1, date(2026, 2, 1), date(2026, 4, 30))
    assert days == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_birthdays_of_the_leap_day_come_every_year() -> None:
    days = occasions(date(2000, 2, 29), 12, date(2027, 1, 1), date(2028, 12, 31))
    assert days == [date(2027, 2, 28), date(2028, 2, 29)]


def test_no_more_than_so_many_times_and_never_on_the_day_itself() -> None:
    assert occasions(date(2026, 1, 1), 6, date(2026, 1, 1), date(2030, 1, 1), times=2) == [
        date(2026, 7, 1),
        date(2027, 1, 1),
    ]


def test_every_span_of_days_holds_what_all_of_them_hold() -> None:
    anchor, months = date(2024, 8, 31), 5
    whole = occasions(anchor, months, date(2024, 1, 1), date(2031, 12, 31), times=15)
    found = [
        day
        for year in range(2024, 2032)
        for day in occasions(anchor, months, date(year, 1, 1), date(year, 12, 31), times=15)
    ]
    assert found == whole


def test_day_off_moves_to_the_next_working_day(office: WorkingCalendar) -> None:
    begin, end = due_within(office, date(2026, 10, 1), 1)
    assert (begin, end) == (
        datetime(2026, 10, 5, 9, tzinfo=office.zone),
        datetime(2026, 10, 5, 17, 30, tzinfo=office.zone),
    )


def test_only_working_days_count(office: WorkingCalendar) -> None:
    begin, end = due_within(office, date(2026, 9, 29), 3)
    assert (begin.date(), end) == (date(2026, 9, 29), datetime(2026, 10, 5, 17, 30, tzinfo=office.zone))
