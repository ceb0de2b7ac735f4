"""Statutory years: every make-up day is a weekend day outside the holidays, and is worked like a Monday."""

import pytest

from crmcore.chinese_holidays import YEARS, statutory_days
from crmcore.special_days import merged
from crmcore.working_time import working_calendar

OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.mark.parametrize("year", YEARS)
def test_make_up_days_lie_on_weekends_outside_the_holidays(year: int) -> None:
    days = statutory_days(year)
    closed = {day for group in days if group.kind == "closed" for day in group.dates}
    worked = {day for group in days if group.kind == "open" for day in group.dates}
    assert all(day.weekday() >= 5 for day in worked)
    assert not closed & worked
    assert all(day.year == year for day in closed | worked)


@pytest.mark.parametrize("year", YEARS)
def test_a_year_fits_a_calendar_and_opens_its_make_up_days(year: int) -> None:
    calendar = working_calendar("Asia/Shanghai", OFFICE, merged([], statutory_days(year)))
    for group in statutory_days(year):
        for day in group.dates:
            assert bool(calendar.hours_on(day)) == (group.kind == "open")
