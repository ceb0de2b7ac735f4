"""The Chinese calendar, checked with feasts whose days are known."""

from datetime import date

import pytest

from crmcore.chinese_holidays import statutory_days
from crmcore.lunar import lunar_text, next_lunar, next_solar, solar_of


@pytest.mark.parametrize(
    ("lunar", "solar"),
    [
        ((2024, 1, 1), date(2024, 2, 10)),  # Spring Festival
        ((2025, 1, 1), date(2025, 1, 29)),
        ((2026, 1, 1), date(2026, 2, 17)),
        ((2025, 5, 5), date(2025, 5, 31)),  # Dragon Boat
        ((2025, 8, 15), date(2025, 10, 6)),  # Mid-Autumn
        ((2026, 8, 15), date(2026, 9, 25)),
        ((2025, 12, 8), date(2026, 1, 26)),  # Laba, in the next year of ours
    ],
)
def test_feasts_fall_on_their_known_days(lunar: tuple[int, int, int], solar: date) -> None:
    assert solar_of(*lunar) == solar


@pytest.mark.parametrize("year", [2025, 2026])
def test_the_feasts_of_the_state_council_lie_in_its_holidays(year: int) -> None:
    days = statutory_days(year)
    for month, day in ((1, 1), (5, 5), (8, 15)):
        feast = solar_of(year, month, day)
        assert any(one.first <= feast <= one.last for one in days)


@pytest.mark.parametrize(
    ("year", "month", "first"),
    [(2023, 2, date(2023, 3, 22)), (2025, 6, date(2025, 7, 25)), (2033, 11, date(2033, 12, 22))],
)
def test_leap_months_have_days_of_their_own(year: int, month: int, first: date) -> None:
    assert solar_of(year, month, 1, leap=True) == first
    assert solar_of(year, month, 1) < first


def test_a_leap_month_that_the_year_lacks_is_the_ordinary_one() -> None:
    assert solar_of(2026, 6, 1, leap=True) == solar_of(2026, 6, 1)


def test_the_thirtieth_of_a_short_month_is_its_last_day() -> None:
    assert solar_of(2025, 12, 30) == date(2026, 2, 16)  # twelfth month of 29 days, the eve of 17 February


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 25), date(2026, 9, 25)),
        (date(2026, 9, 26), date(2027, 9, 15)),
        (date(2026, 1, 20), date(2026, 9, 25)),
    ],
)
def test_the_next_mid_autumn_counts_today(today: date, expected: date) -> None:
    assert next_lunar(8, 15, today=today) == expected


def test_a_day_at_the_end_of_the_lunar_year_is_not_lost_in_january() -> None:
    assert next_lunar(12, 8, today=date(2026, 1, 10)) == date(2026, 1, 26)


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2027, 1, 1), date(2027, 2, 28)), (date(2028, 1, 1), date(2028, 2, 29))]
)
def test_the_29th_of_february_is_the_28th_where_there_is_none(today: date, expected: date) -> None:
    assert next_solar(2, 29, today=today) == expected


@pytest.mark.parametrize(
    ("month", "day", "leap", "text"),
    [
        (8, 15, False, "八月十五"),
        (6, 1, True, "闰六月初一"),
        (1, 10, False, "正月初十"),
        (12, 30, False, "腊月三十"),
        (11, 20, False, "冬月二十"),
        (10, 29, False, "十月廿九"),
    ],
)
def test_a_lunar_date_is_written_as_calendars_do(month: int, day: int, leap: bool, text: str) -> None:
    assert lunar_text(month, day, leap=leap) == text
