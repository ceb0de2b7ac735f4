"""When something recurs: days by months, and the working days within which a visit is due. Pure arithmetic."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta

from crmcore.working_time import LONGEST_CLOSURE, WorkingCalendar


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def occasions(anchor: date, months: int, first: date, last: date, *, times: int | None = None) -> list[date]:
    """The days from `first` to `last` that lie a whole number of times `months` after the anchor, at most `times`."""
    found: list[date] = []
    number = max(1, ((first.year - anchor.year) * 12 + first.month - anchor.month) // months)
    while times is None or number <= times:
        day = months_after(anchor, number * months)
        if day > last:
            break
        if day >= first:
            found.append(day)
        number += 1
    return found


def due_within(calendar: WorkingCalendar, day: date, days: int) -> tuple[datetime, datetime]:
    """From the first opening on or after a day to the close of the so-manieth working day (aware, in its zone).

    Raises CalendarError when the calendar does not open for 400 days.
    """
    opening = calendar.next_opening(datetime.combine(day, time(), calendar.zone))
    begin = opening.astimezone(calendar.zone)
    left, at = days, begin.date()
    last = at + LONGEST_CLOSURE
    while not calendar.hours_on(at) or left > 1:
        left -= bool(calendar.hours_on(at))
        at += timedelta(days=1)
        if at > last:
            return begin, begin + timedelta(days=days)
    _opened, closed = calendar.hours_on(at)[-1]
    return begin, datetime.combine(at, time(), calendar.zone) + timedelta(minutes=closed)
