"""Working calendars: every change is a new version, in force from now on."""

from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.codes import free_code
from crmcore.models import Calendar, CalendarVersion, User
from crmcore.permissions import require
from crmcore.working_time import working_calendar


class CalendarMoved(Exception):
    """Somebody published another version after the reader last looked."""


@dataclass(frozen=True)
class Hours:
    """What a version says, in the shapes of `crmcore.working_time`."""

    time_zone: str
    weekly: dict[str, Any]
    overrides: list[dict[str, Any]]

    @classmethod
    def of(cls, version: CalendarVersion) -> "Hours":
        return cls(version.time_zone, version.weekly, version.overrides)


@transaction.atomic
def create_calendar(*, name: str, name_zh: str, hours: Hours, by: User) -> Calendar:
    """A new calendar with its first version. Raises CalendarError for hours that cannot be used."""
    require(by, "settings", "edit")
    code = free_code(Calendar.objects, name, "calendar")
    calendar = Calendar.objects.create(code=code, name=name, name_zh=name_zh)
    _publish(calendar, 1, hours, by)
    return calendar


@transaction.atomic
def publish_hours(calendar: Calendar, hours: Hours, *, seen: int, by: User) -> CalendarVersion:
    """Let other hours stand from now on; hours that stand already change nothing.

    Raises CalendarMoved when `seen` is not the newest version, CalendarError for hours that cannot be used.
    """
    require(by, "settings", "edit")
    Calendar.objects.select_for_update().get(pk=calendar.pk)
    newest = CalendarVersion.objects.filter(calendar=calendar).latest("number")
    if newest.number != seen:
        raise CalendarMoved(calendar.code)
    if Hours.of(newest) == hours:
        return newest
    return _publish(calendar, newest.number + 1, hours, by)


@transaction.atomic
def rename_calendar(calendar: Calendar, *, name: str, name_zh: str, by: User) -> None:
    """Call it otherwise; a name that stands already changes nothing."""
    require(by, "settings", "edit")
    names = {"name": name, "name_zh": name_zh}
    if Calendar.objects.filter(pk=calendar.pk).exclude(**names).update(**names):
        audit.record("calendar.renamed", calendar, by=by, detail=dict(names))


def _publish(calendar: Calendar, number: int, hours: Hours, by: User) -> CalendarVersion:
    now = clock.now()
    working_calendar(hours.time_zone, hours.weekly, hours.overrides).require_open_time(now)
    version = CalendarVersion.objects.create(
        calendar=calendar, number=number, effective_from=now, published_at=now, **asdict(hours)
    )
    audit.record("calendar.published", calendar, by=by, detail={"version": number})
    return version
