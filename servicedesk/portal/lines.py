"""The line a customer may call: its hours and how long they would wait now."""

import math
from dataclasses import dataclass
from datetime import datetime

from crmcore.models import CalendarVersion, Queue
from crmcore.working_time import CalendarError, working_calendar
from servicedesk.portal.hours import ALWAYS, Opening, opening
from telephony.queries.estimate import estimated_wait


@dataclass(frozen=True)
class Line:
    """A queue as a customer sees it; `wait_minutes` is rounded up, None when nobody can tell."""

    queue: Queue
    opening: Opening
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
    wait = estimated_wait(queue)
    seconds = wait.total_seconds() if wait is not None and hasattr(wait, "total_seconds") else wait
    return Line(queue, _opening(queue, now), None if seconds is None else math.ceil(seconds / 60))


def _opening(queue: Queue, now: datetime) -> Opening:
    version = (
        CalendarVersion.objects.filter(calendar=queue.calendar_id, effective_from__lte=now).order_by("-number").first()
        if queue.calendar_id
        else None
    )
    if version is None:
        return ALWAYS
    try:
        return opening(working_calendar(version.time_zone, version.weekly, version.overrides), now)
    except CalendarError:
        return ALWAYS
