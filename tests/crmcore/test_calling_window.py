"""Calling hours are those of the callee's clock: over changes of the clock, the date line, countries of many zones."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmcore.calling_window import Window, zones_of_region

WORKDAYS = frozenset(range(5))
OFFICE = Window(WORKDAYS, time(9), time(18))
NEW_YORK, LONDON, APIA, PAGO = (
    ZoneInfo(name) for name in ("America/New_York", "Europe/London", "Pacific/Apia", "Pacific/Pago_Pago")
)


def utc(day: int, hour: int, minute: int = 0, *, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_end_is_not_included() -> None:
    assert OFFICE.is_open([LONDON], utc(2, 9)) and OFFICE.is_open([LONDON], utc(2, 17, 59))
    assert not OFFICE.is_open([LONDON], utc(2, 8, 59)) and not OFFICE.is_open([LONDON], utc(2, 18))


@pytest.mark.parametrize(("day", "opens"), [(6, 14), (9, 13)])
def test_hours_follow_the_clock_over_its_change(day: int, opens: int) -> None:
    """New York's clocks go forward on 8 March 2026."""
    assert OFFICE.next_opening([NEW_YORK], utc(day, 0)) == utc(day, opens)


def test_hour_that_the_clock_leaves_out_opens_when_it_is_over() -> None:
    night = Window(frozenset(range(7)), time(2, 30), time(4))
    assert night.next_opening([NEW_YORK], utc(8, 6)) == utc(8, 7, 30)
    assert not night.is_open([NEW_YORK], utc(8, 6, 59))


def test_hour_that_comes_twice_closes_at_its_first() -> None:
    late = Window(frozenset(range(7)), time(0), time(1, 30))
    first, second = utc(1, 5, 15, month=11), utc(1, 5, 45, month=11)
    assert late.is_open([NEW_YORK], first) and not late.is_open([NEW_YORK], second)


def test_sides_of_the_date_line_have_different_weekdays() -> None:
    """Friday evening in UTC: Saturday morning in Apia, still Friday morning in Pago Pago."""
    friday = utc(6, 21)
    assert friday.astimezone(APIA).weekday() == 5 and friday.astimezone(PAGO).weekday() == 4
    assert not OFFICE.is_open([APIA], friday) and OFFICE.is_open([PAGO], friday)
    assert OFFICE.next_opening([APIA], friday) == utc(8, 20)


def test_weekend_is_waited_out() -> None:
    assert OFFICE.next_opening([LONDON], utc(6, 18)) == utc(9, 9)


def test_country_of_several_zones_is_open_when_all_are() -> None:
    zones = [NEW_YORK, ZoneInfo("America/Los_Angeles")]
    assert not OFFICE.is_open(zones, utc(2, 14)) and OFFICE.is_open(zones, utc(2, 17))
    assert OFFICE.next_opening(zones, utc(2, 14)) == utc(2, 17)


def test_hours_that_never_meet_are_given_up() -> None:
    narrow = Window(WORKDAYS, time(9), time(10))
    assert narrow.next_opening([LONDON, ZoneInfo("Asia/Tokyo")], utc(2, 0)) is None


def test_regions_name_the_country_first() -> None:
    assert zones_of_region("GB-LDS") == (LONDON,)
    assert NEW_YORK in zones_of_region("US") and zones_of_region("CN") == (ZoneInfo("Asia/Shanghai"),)
    assert zones_of_region("") == zones_of_region("XX") == ()


@given(
    at=st.integers(0, 525_600).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    zone=st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Kathmandu"]),
    opens=st.integers(0, 22),
)
def test_next_opening_is_open_and_not_before(at: datetime, zone: str, opens: int) -> None:
    window = Window(WORKDAYS, time(opens), time(opens + 1))
    found = window.next_opening([ZoneInfo(zone)], at)
    assert found is not None and found >= at and window.is_open([ZoneInfo(zone)], found)
