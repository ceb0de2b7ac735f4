"""Working time: the golden vectors, the rules at clock changes, refused calendars, and properties."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmcore.working_time import CalendarError, WorkingCalendar, working_calendar

SHANGHAI, NEW_YORK, LONDON = "Asia/Shanghai", "America/New_York", "Europe/London"
ZONES = [SHANGHAI, NEW_YORK, LONDON, "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"]
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
ALL_DAYS = (*WORKDAYS, "sat", "sun")


def hours(*pairs: tuple[str, str], days: tuple[str, ...] = WORKDAYS) -> dict[str, list[list[str]]]:
    return {day: [list(pair) for pair in pairs] for day in days}


OFFICE = working_calendar(SHANGHAI, hours(("09:00", "17:00")), [])
LUNCH = working_calendar(SHANGHAI, hours(("09:00", "12:00"), ("13:30", "18:00")), [])
ROUND_THE_CLOCK = working_calendar(NEW_YORK, hours(("00:00", "24:00"), days=ALL_DAYS), [])


def at(text: str, zone: str = SHANGHAI, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold)


def due(calendar: WorkingCalendar, start: datetime, seconds: int) -> str:
    return calendar.due(start, seconds).astimezone(start.tzinfo).strftime("%a %H:%M %Z")


def test_vector_1_what_is_left_on_friday_runs_on_monday() -> None:
    assert due(OFFICE, at("2026-01-09T16:30"), 3600) == "Mon 09:30 CST"


def test_vector_2_a_rest_of_zero_at_closing_is_due_at_closing() -> None:
    assert due(OFFICE, at("2026-01-09T16:00"), 3600) == "Fri 17:00 CST"


def test_vector_3_lunch_does_not_count() -> None:
    assert due(LUNCH, at("2026-01-07T11:30"), 3600) == "Wed 14:00 CST"
    assert due(LUNCH, at("2026-01-07T12:10"), 1800) == "Wed 14:00 CST"


def test_vector_4_make_up_saturday_counts_and_closed_monday_does_not() -> None:
    calendar = working_calendar(
        SHANGHAI,
        hours(("09:00", "17:00")),
        [{"date": "2026-01-10", "kind": "open", "like": "mon"}, {"date": "2026-01-12", "kind": "closed"}],
    )
    assert due(calendar, at("2026-01-09T16:30"), 9 * 3600) == "Tue 09:30 CST"


def test_vector_5_three_hours_over_the_spring_change() -> None:
    assert due(ROUND_THE_CLOCK, at("2026-03-08T00:30", NEW_YORK), 3 * 3600) == "Sun 04:30 EDT"


def test_vector_6_three_hours_over_the_autumn_change() -> None:
    assert due(ROUND_THE_CLOCK, at("2026-11-01T00:30", NEW_YORK), 3 * 3600) == "Sun 02:30 EST"


@pytest.mark.parametrize(("day", "open_hours"), [("2026-03-08", 1), ("2026-11-01", 3), ("2026-06-07", 2)])
def test_vector_7_a_window_over_the_change_holds_what_really_passes(day: str, open_hours: int) -> None:
    calendar = working_calendar(NEW_YORK, hours(("01:00", "03:00"), days=ALL_DAYS), [])
    start = at(f"{day}T00:00", NEW_YORK).astimezone(UTC)
    assert calendar.working_seconds(start, start + timedelta(hours=12)) == open_hours * 3600


def test_vector_8_night_shift_runs_over_midnight() -> None:
    calendar = working_calendar(NEW_YORK, hours(("22:00", "06:00")), [])
    assert due(calendar, at("2026-01-09T23:00", NEW_YORK), 8 * 3600) == "Mon 23:00 EST"


def test_vector_15_a_calendar_that_never_opens_is_refused() -> None:
    calendar = working_calendar(SHANGHAI, {}, [])
    with pytest.raises(CalendarError, match="400 days"):
        calendar.require_open_time(at("2026-01-09T00:00"))
    with pytest.raises(CalendarError, match="400 days"):
        calendar.due(at("2026-01-09T00:00"), 1)


def test_hours_that_come_once_a_year_are_enough() -> None:
    calendar = working_calendar(
        SHANGHAI,
        {},
        [{"date": "2020-05-01", "kind": "replaced", "hours": [["09:00", "10:00"]], "yearly": True}],
    )
    calendar.require_open_time(at("2026-01-09T00:00"))
    assert calendar.due(at("2026-01-09T00:00"), 5400) == at("2027-05-01T09:30").astimezone(UTC)


def test_replaced_hours_win_over_the_week() -> None:
    calendar = working_calendar(
        SHANGHAI,
        hours(("09:00", "17:00")),
        [{"date": "2026-01-07", "kind": "replaced", "hours": [["09:00", "12:00"]]}],
    )
    assert calendar.working_seconds(at("2026-01-07T00:00"), at("2026-01-08T00:00")) == 3 * 3600


def test_opening_in_a_gap_is_the_first_instant_after_it() -> None:
    calendar = working_calendar(NEW_YORK, hours(("02:30", "04:00"), days=("sun",)), [])
    assert calendar.next_opening(at("2026-03-08T00:00", NEW_YORK)) == at("2026-03-08T03:00", NEW_YORK)


def test_ambiguous_opening_is_the_first_and_closing_the_second() -> None:
    calendar = working_calendar(NEW_YORK, hours(("01:30", "01:45"), days=("sun",)), [])
    start = at("2026-11-01T00:00", NEW_YORK).astimezone(UTC)
    assert calendar.working_seconds(start, start + timedelta(hours=6)) == 75 * 60


def test_a_day_that_a_zone_skipped_counts_nothing() -> None:
    calendar = working_calendar("Pacific/Apia", hours(("00:00", "24:00"), days=ALL_DAYS), [])
    start, end = at("2011-12-29T12:00", "Pacific/Apia"), at("2011-12-31T12:00", "Pacific/Apia")
    assert calendar.working_seconds(start.astimezone(UTC), end.astimezone(UTC)) == 24 * 3600


def test_open_is_half_open() -> None:
    assert OFFICE.is_open(at("2026-01-07T09:00"))
    assert OFFICE.is_open(at("2026-01-07T16:59:59"))
    assert not OFFICE.is_open(at("2026-01-07T17:00"))


def test_next_opening_is_now_when_open() -> None:
    assert OFFICE.next_opening(at("2026-01-07T10:00")) == at("2026-01-07T10:00")
    assert OFFICE.next_opening(at("2026-01-09T17:00")) == at("2026-01-12T09:00")


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="2026"):
        OFFICE.due(datetime(2026, 1, 7), 60)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("zone", "weekly", "overrides", "reason"),
    [
        ("Mars/Olympus", {}, [], "not a time zone"),
        (SHANGHAI, {"monday": []}, [], "not a day of the week"),
        (SHANGHAI, {"mon": [["9", "17:00"]]}, [], "not hours"),
        (SHANGHAI, {"mon": [["09:00", "25:00"]]}, [], "not hours"),
        (SHANGHAI, {"mon": ["09:00"]}, [], "not hours"),
        (SHANGHAI, {"mon": [["09:00", "09:00"]]}, [], "same minute"),
        (SHANGHAI, {"mon": [["09:00", "12:00"], ["11:00", "13:00"]]}, [], "overlap"),
        (SHANGHAI, {}, [{"date": "2026-02-30", "kind": "closed"}], "not a date"),
        (SHANGHAI, {}, [{"date": "2026-02-03", "kind": "shut"}], "not a kind"),
        (SHANGHAI, {}, [{"date": "2026-02-03", "kind": "open"}], "has no hours"),
        (SHANGHAI, {}, [{"date": "2026-02-03", "kind": "closed"}] * 2, "overridden twice"),
    ],
)
def test_a_wrong_calendar_is_refused_with_its_reason(
    zone: str, weekly: dict[str, list[list[str]]], overrides: list[dict[str, str]], reason: str
) -> None:
    with pytest.raises(CalendarError, match=reason):
        working_calendar(zone, weekly, overrides)


minutes = st.integers(0, 23 * 60 + 59).map(lambda m: f"{m // 60:02}:{m % 60:02}")


@st.composite
def day_hours(draw: st.DrawFn) -> list[list[str]]:
    edges = sorted(draw(st.lists(minutes, min_size=2, max_size=4, unique=True)))
    pairs = [list(pair) for pair in zip(edges[::2], edges[1::2], strict=False)]
    return [*pairs[:-1], pairs[-1][::-1]] if draw(st.booleans()) and len(pairs) == 1 else pairs


weeks = st.dictionaries(st.sampled_from(ALL_DAYS), day_hours(), min_size=1)
zones = st.sampled_from(ZONES)
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 330 * 86400).map(lambda s: FIRST + timedelta(seconds=s))
targets = st.integers(0, 60 * 3600)
quick = settings(max_examples=40, deadline=None)


@quick
@given(zones, weeks, st.lists(moments, min_size=3, max_size=3).map(sorted))
def test_working_time_is_additive_and_monotone(
    zone: str, weekly: dict[str, list[list[str]]], three: list[datetime]
) -> None:
    calendar = working_calendar(zone, weekly, [])
    a, b, c = three
    assert 0 <= calendar.working_seconds(a, b) <= calendar.working_seconds(a, c)
    assert calendar.working_seconds(a, b) + calendar.working_seconds(b, c) == calendar.working_seconds(a, c)


@quick
@given(zones, weeks, moments, st.integers(1, 60 * 3600))
def test_due_is_the_earliest_moment_with_the_time_spent(
    zone: str, weekly: dict[str, list[list[str]]], start: datetime, seconds: int
) -> None:
    calendar = working_calendar(zone, weekly, [])
    end = calendar.due(start, seconds)
    assert calendar.working_seconds(start, end) == seconds
    assert calendar.working_seconds(start, end - timedelta(seconds=1)) == seconds - 1


@quick
@given(zones, weeks, moments, targets, st.sampled_from(ALL_DAYS))
def test_more_hours_are_never_due_later(
    zone: str, weekly: dict[str, list[list[str]]], start: datetime, seconds: int, day: str
) -> None:
    more = working_calendar(zone, {**weekly, day: [["00:00", "24:00"]]}, [])
    night = [pair for pair in weekly.get(day, []) if pair[1] <= pair[0]]
    if not night:
        assert more.due(start, seconds) <= working_calendar(zone, weekly, []).due(start, seconds)


@quick
@given(st.sampled_from([SHANGHAI, "Asia/Kathmandu"]), weeks, moments, targets, st.integers(1, 20))
def test_whole_weeks_shift_the_due_moment_alike(
    zone: str, weekly: dict[str, list[list[str]]], start: datetime, seconds: int, count: int
) -> None:
    calendar = working_calendar(zone, weekly, [])
    shift = timedelta(weeks=count)
    assert calendar.due(start + shift, seconds) == calendar.due(start, seconds) + shift


def walked(zone: str, weekly: dict[str, list[list[str]]], start: datetime, days: int) -> int:
    """Open seconds in so many days from start, found by reading the local clock at every minute."""
    tz = ZoneInfo(zone)
    minutes = [start + timedelta(minutes=n) for n in range(-3 * 1440, (days + 3) * 1440)]
    shown = [moment.astimezone(tz).replace(tzinfo=None) for moment in minutes]
    opened: set[int] = set()
    first_day, last_day = shown[1440].date(), shown[-1440].date()
    # By the calendar, not by the clock: a day that a zone skipped still opens its night shift.
    for day in (first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)):
        for first, last in weekly.get(ALL_DAYS[day.weekday()], []):
            opening = datetime.fromisoformat(f"{day}T{first}")
            closing = datetime.fromisoformat(f"{day}T{last}") + timedelta(days=last <= first)
            begins = next(n for n, local in enumerate(shown) if local >= opening)
            ends = max(n for n, local in enumerate(shown) if local < closing) + 1
            opened.update(range(begins, ends))
    return 60 * sum(3 * 1440 <= n < (3 + days) * 1440 for n in opened)


changes = st.sampled_from(
    [
        "2026-01-06",
        "2026-03-07",
        "2026-03-28",
        "2026-04-04",
        "2026-10-03",
        "2026-10-24",
        "2026-10-31",
        "2011-12-29",
    ]
)


@settings(max_examples=40, deadline=None)
@given(zones, weeks, changes, st.integers(1, 3))
def test_reading_the_local_clock_minute_by_minute_counts_the_same(
    zone: str, weekly: dict[str, list[list[str]]], day: str, days: int
) -> None:
    start = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=UTC)
    counted = working_calendar(zone, weekly, []).working_seconds(start, start + timedelta(days=days))
    assert counted == walked(zone, weekly, start, days)
