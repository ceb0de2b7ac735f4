"""Days of the Chinese calendar: what day of ours they fall on, and how they are written."""

from datetime import date

from lunar_python import Lunar, LunarMonth, LunarYear, Solar

LONGEST_MONTH = 30


def solar_of(year: int, month: int, day: int, *, leap: bool = False) -> date:
    """The day of ours on which a lunar date falls in a lunar year, which begins at the Spring Festival.

    A leap month that the year does not have is the ordinary one, the 30th of a short month its 29th.
    """
    has_leap = leap and LunarYear.fromYear(year).getLeapMonth() == month
    signed = -month if has_leap else month
    length = LunarMonth.fromYm(year, signed).getDayCount()
    found = Lunar.fromYmd(year, signed, min(day, length)).getSolar()
    return date(found.getYear(), found.getMonth(), found.getDay())


def next_lunar(month: int, day: int, *, leap: bool = False, today: date) -> date:
    """The next day of ours, today among them, on which a lunar date falls."""
    year: int = Solar.fromYmd(today.year, today.month, today.day).getLunar().getYear()
    this_year = solar_of(year, month, day, leap=leap)
    return this_year if this_year >= today else solar_of(year + 1, month, day, leap=leap)


def next_solar(month: int, day: int, *, today: date) -> date:
    """The next such day, today among them; the 29th of February is the 28th where there is none."""
    this_year = _in_year(today.year, month, day)
    return this_year if this_year >= today else _in_year(today.year + 1, month, day)


def lunar_text(month: int, day: int, *, leap: bool = False) -> str:
    """A lunar date as Chinese calendars write it: 八月十五, 闰六月初一."""
    months, days = "正二三四五六七八九十冬腊", "一二三四五六七八九十"
    tens = {10: "初十", 20: "二十", 30: "三十"}
    number = tens.get(day) or ("初", "十", "廿")[day // 10] + days[day % 10 - 1]
    return f"{'闰' if leap else ''}{months[month - 1]}月{number}"


def _in_year(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)
