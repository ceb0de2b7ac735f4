"""What a calendar says of a moment and of the week that begins with it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import pgettext

from crmcore.hours_text import write_hours
from crmcore.special_days import grouped
from crmcore.working_time import CalendarError, WorkingCalendar

DAYS = 7
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class DayHours:
    """One day of the strip: `bars` are (start, width) in minutes within the day, `name` what makes it special."""

    day: date
    text: str
    bars: list[tuple[int, int]]
    name: str
    is_special: bool


@dataclass(frozen=True)
class Preview:
    """The moment asked for, in the calendar's zone; when that changes (None: not within 400 days)."""

    at: datetime
    is_open: bool
    until: datetime | None
    days: list[DayHours]


def preview_of(calendar: WorkingCalendar, overrides: list[dict[str, object]], at: datetime) -> Preview:
    """What `calendar` says at the aware moment `at` and on the seven days from it."""
    local = at.astimezone(calendar.zone)
    special = {day: group.name for group in grouped(overrides) for day in group.dates if not group.yearly}
    yearly = {(day.month, day.day): group.name for group in grouped(overrides) for day in group.dates if group.yearly}
    week = [local.date() + timedelta(days=n) for n in range(DAYS)]
    return Preview(
        at=local,
        is_open=calendar.is_open(at),
        until=_change(calendar, at),
        days=[
            DayHours(
                day=day,
                text=_said(calendar, day),
                bars=_bars(calendar, day),
                name=special.get(day, yearly.get((day.month, day.day), "")),
                is_special=day in special or (day.month, day.day) in yearly,
            )
            for day in week
        ],
    )


def _said(calendar: WorkingCalendar, day: date) -> str:
    hours = write_hours([(_clock(opened), _clock(closed)) for opened, closed in calendar.hours_on(day)])
    return hours or pgettext("office", "Closed")


def _change(calendar: WorkingCalendar, at: datetime) -> datetime | None:
    """When it opens, or closes, next."""
    try:
        opening = calendar.next_opening(at)
    except CalendarError:
        return None
    if opening > at:
        return opening.astimezone(calendar.zone)
    closing = _closing(calendar, at)
    return closing.astimezone(calendar.zone) if closing else None


def _closing(calendar: WorkingCalendar, at: datetime) -> datetime | None:
    """The first closed minute after an open one; None when it stays open for the whole week."""
    low, high = 0, DAYS * MINUTES_A_DAY
    start = at.replace(second=0, microsecond=0)
    if calendar.working_seconds(start, start + timedelta(minutes=high)) == high * 60:
        return None
    # The open time from the start is unbroken up to the closing, so that minute can be found by halving.
    while low < high:
        middle = (low + high + 1) // 2
        whole = calendar.working_seconds(start, start + timedelta(minutes=middle)) == middle * 60
        low, high = (middle, high) if whole else (low, middle - 1)
    return start + timedelta(minutes=low)


def _bars(calendar: WorkingCalendar, day: date) -> list[tuple[int, int]]:
    """Open minutes of the local day, hours that run on from the day before included."""
    before = [(opened - MINUTES_A_DAY, closed - MINUTES_A_DAY) for opened, closed in calendar.hours_on(_before(day))]
    spans = [(max(0, a), min(MINUTES_A_DAY, b)) for a, b in (*before, *calendar.hours_on(day))]
    return [(a, b - a) for a, b in spans if a < b]


def _before(day: date) -> date:
    return day - timedelta(days=1)


def _clock(minute: int) -> str:
    within = minute if minute == MINUTES_A_DAY else minute % MINUTES_A_DAY
    return f"{within // 60:02}:{within % 60:02}"
