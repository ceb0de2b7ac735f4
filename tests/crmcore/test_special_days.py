"""Special days and hours as people type, paste and import them."""

from datetime import date

import pytest

from crmcore.day_lists import read_list
from crmcore.hours_text import read_hours, write_hours
from crmcore.special_days import SpecialDays, grouped, merged, without

HOLIDAY = SpecialDays(date(2026, 10, 1), date(2026, 10, 3), "National Day")
ICS = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261001
DTEND;VALUE=DATE:20261008
SUMMARY:国庆节\uff0c
 放假
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20261010
SUMMARY:国庆节（班）
END:VEVENT
BEGIN:VEVENT
DTSTART:20261224T120000Z
SUMMARY:Lunch
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20251225
RRULE:FREQ=YEARLY
SUMMARY:Christmas
END:VEVENT
END:VCALENDAR
"""


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", []),
        ("9-12", [["09:00", "12:00"]]),
        ("09:00–12:00, 13:30 – 18:00", [["09:00", "12:00"], ["13:30", "18:00"]]),
        ("９：００～１２：００、１３：３０至１８：００", [["09:00", "12:00"], ["13:30", "18:00"]]),
        ("22:00 to 06:00;", [["22:00", "06:00"]]),
        ("0-24", [["00:00", "24:00"]]),
    ],
)
def test_hours_are_read_as_people_type_them(typed: str, read: list[list[str]]) -> None:
    assert read_hours(typed) == read


@pytest.mark.parametrize("typed", ["nine to five", "9", "9-12 x", "25-26", "09:60-10:00", "24:30-25:00"])
def test_what_are_no_hours_is_refused_with_the_text(typed: str) -> None:
    with pytest.raises(ValueError, match=typed):
        read_hours(typed)


def test_hours_are_written_as_they_are_read() -> None:
    hours = [["09:00", "12:00"], ["13:30", "18:00"]]
    assert read_hours(write_hours(hours)) == hours


def test_a_range_is_stored_day_by_day_and_shown_as_one() -> None:
    stored = merged([], [HOLIDAY])
    assert [one["date"] for one in stored] == ["2026-10-01", "2026-10-02", "2026-10-03"]
    assert grouped(stored) == [HOLIDAY]


def test_a_day_entered_again_takes_the_new_entry() -> None:
    short = SpecialDays(date(2026, 10, 2), date(2026, 10, 2), "Short", hours=(("09:00", "12:00"),))
    stored = merged(merged([], [HOLIDAY]), [short])
    assert [(days.first.day, days.kind) for days in grouped(stored)] == [(1, "closed"), (2, "replaced"), (3, "closed")]


def test_a_yearly_day_and_a_dated_one_live_side_by_side() -> None:
    yearly = SpecialDays(date(2000, 10, 1), date(2000, 10, 1), yearly=True)
    assert len(merged(merged([], [HOLIDAY]), [yearly])) == 4


def test_removing_a_group_removes_its_days_alone() -> None:
    later = SpecialDays(date(2026, 12, 25), date(2026, 12, 25))
    stored = merged([], [HOLIDAY, later])
    assert grouped(without(stored, HOLIDAY.key)) == [later]


def test_a_table_is_read_line_by_line() -> None:
    days, bad = read_list(
        "date,last,what,name\n"
        "2026-10-01,2026-10-07,closed,National Day\n"
        "2026/10/10;mon;Make-up day\n"
        "12-24\t09:00-12:00\tChristmas Eve\n"
        "2027年1月1日，元旦\n"
    )
    assert not bad
    assert [(d.kind, d.like, d.yearly, d.name) for d in days] == [
        ("closed", "", False, "National Day"),
        ("open", "mon", False, "Make-up day"),
        ("replaced", "", True, "Christmas Eve"),
        ("closed", "", False, "元旦"),
    ]
    assert (days[0].last - days[0].first).days == 6


def test_bad_lines_are_named_and_the_good_ones_read() -> None:
    days, bad = read_list("2026-10-01\nsoon\n2026-02-30\n2026-10-05,2026-10-01\n2026-11-01,9 to late\n")
    assert [one.number for one in bad] == [2, 3, 4, 5]
    assert len(days) == 1


def test_a_calendar_file_gives_its_whole_days_and_names_the_rest() -> None:
    days, bad = read_list(ICS)
    assert [(d.first, d.last, d.kind, d.yearly) for d in days] == [
        (date(2026, 10, 1), date(2026, 10, 7), "closed", False),
        (date(2026, 10, 10), date(2026, 10, 10), "open", False),
        (date(2025, 12, 25), date(2025, 12, 25), "closed", True),
    ]
    assert days[0].name == "国庆节，放假"
    assert [(one.number, one.text) for one in bad] == [(12, "Lunch")]
