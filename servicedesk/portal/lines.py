"""The line a customer may call: its hours and how long they would wait now."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from crmcore.models import CalendarVersion, Queue
from crmcore.working_time import CalendarError, WorkingCalendar, working_calendar
from servicedesk.portal.hours import ALWAYS, Opening, opening
from telephony.queries.estimate import estimated_wait


@dataclass(frozen=True)
class Line:
    """A queue as a customer sees it; `wait_minutes` is rounded up, None when nobody can tell."""

    queue: Queue
    opening: Opening
    zone: tzinfo
    wait_minutes: int | None


def line_for(language: str, now: datetime) -> Line | None:
    """The line that the call card offers: that of the reader's language, else the desk's first."""
    queues = callable_queues()
    if not queues:
        return None
    speaking = [queue for queue in queues if queue.language == language]
    return describe((speaking if language != "en" and speaking else queues)[0], now)


def callable_queues() -> list[Queue]:
    """What a customer may choose to call about, the desk's first queue first."""
    return list(Queue.objects.filter(is_active=True).order_by("-is_default", "position", "pk"))


def describe(queue: Queue, now: datetime) -> Line:
    """Hours and wait of one queue at this moment."""
    seconds = estimated_wait(queue)
    calendar = _calendar(queue.calendar_id, now)
    hours = opening(calendar, now) if calendar else ALWAYS
    return Line(queue, hours, calendar.zone if calendar else UTC, None if seconds is None else math.ceil(seconds / 60))


def hours_at(calendar_id: int | None, now: datetime) -> Opening:
    """What a calendar says at this moment; without one somebody always answers."""
    calendar = _calendar(calendar_id, now)
    return opening(calendar, now) if calendar else ALWAYS


def zone_of(line: Line | None) -> tzinfo:
    """The clock on the wall where the line is answered, by which strangers read its hours."""
    return line.zone if line else UTC


def _calendar(calendar_id: int | None, now: datetime) -> WorkingCalendar | None:
    versions = CalendarVersion.objects.filter(calendar=calendar_id, effective_from__lte=now)
    version = versions.order_by("-number").first() if calendar_id else None
    if version is None:
        return None
    try:
        return working_calendar(version.time_zone, version.weekly, version.overrides)
    except CalendarError:
        return None
