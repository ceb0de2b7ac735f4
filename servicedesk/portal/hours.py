"""When somebody answers: what a customer needs to know of a calendar; no database."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from crmcore.working_time import CalendarError, WorkingCalendar


@dataclass(frozen=True)
class Opening:
    """Open or not, the moment that changes, and today's hours as pairs of moments."""

    is_open: bool
    until: datetime | None
    opens: datetime | None
    today: tuple[tuple[datetime, datetime], ...]
    same_every_day: bool


# A queue without a calendar answers whenever somebody is there.
ALWAYS = Opening(is_open=True, until=None, opens=None, today=(), same_every_day=True)


def opening(calendar: WorkingCalendar, moment: datetime) -> Opening:
    """What `calendar` says at `moment` (aware)."""
    local = moment.astimezone(calendar.zone)
    today = local.date()
    is_open = calendar.is_open(moment)
    return Opening(
        is_open=is_open,
        until=_closing(calendar, moment) if is_open else None,
        opens=None if is_open else _next_opening(calendar, moment),
        today=tuple(
            (_instant(calendar, today, opened), _instant(calendar, today, closed))
            for opened, closed in calendar.hours_on(today)
        ),
        same_every_day=len({calendar.hours_on(day) for day in _week(today)}) == 1,
    )


def _closing(calendar: WorkingCalendar, moment: datetime) -> datetime | None:
    """The end of the span that is open now; None when it stays open for days."""
    today = moment.astimezone(calendar.zone).date()
    ends = (
        _instant(calendar, day, closed)
        for day in (today - timedelta(days=1), today)
        for opened, closed in calendar.hours_on(day)
        if _instant(calendar, day, opened) <= moment < _instant(calendar, day, closed)
    )
    end = max(ends, default=None)
    return None if end is None or calendar.is_open(end) else end


def _next_opening(calendar: WorkingCalendar, moment: datetime) -> datetime | None:
    try:
        return calendar.next_opening(moment)
    except CalendarError:
        return None


def _week(today: date) -> list[date]:
    return [today + timedelta(days=n) for n in range(7)]


def _instant(calendar: WorkingCalendar, day: date, minute: int) -> datetime:
    return (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=calendar.zone)
