"""When the targets of a policy would be due for a ticket that came in at a moment: shown while they are typed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from crmcore.models import Calendar, CalendarVersion
from crmcore.working_time import CalendarError, working_calendar
from tickets.models import Priority, SlaTarget
from tickets.sla_clock import Reading as Nothing
from tickets.sla_clock import Terms, run


@dataclass(frozen=True)
class DueRow:
    """A metric with the due moment of each priority, None where nothing is promised or the hours never open."""

    target: SlaTarget
    dues: list[datetime | None]

    @property
    def metric(self) -> str:
        return str(SlaTarget.Metric(self.target.metric).label)


def due_rows(targets: Iterable[SlaTarget], usual: Calendar, at: datetime) -> list[DueRow]:
    """One row for each metric and type, by the hours of each target or the usual ones."""
    rows: dict[tuple[str, int | None], dict[str, SlaTarget]] = {}
    for target in targets:
        rows.setdefault((target.metric, target.type_id), {})[target.priority] = target
    versions = _versions({target.calendar_id or usual.pk for row in rows.values() for target in row.values()})
    found = []
    for row in rows.values():
        dues = [_due(row.get(priority), versions, usual, at) for priority in Priority.values]
        found.append(DueRow(next(iter(row.values())), dues))
    return found


def _due(
    target: SlaTarget | None, versions: dict[int, CalendarVersion], usual: Calendar, at: datetime
) -> datetime | None:
    version = versions.get(target.calendar_id or usual.pk) if target else None
    if target is None or version is None:
        return None
    hours = working_calendar(version.time_zone, version.weekly, version.overrides)
    try:
        return run(Nothing(), Terms(target.seconds, hours), at).due_at
    except CalendarError:
        return None


def _versions(calendar_ids: set[int]) -> dict[int, CalendarVersion]:
    rows = CalendarVersion.objects.filter(calendar__in=calendar_ids).order_by("calendar_id", "number")
    return {row.calendar_id: row for row in sorted(rows, key=attrgetter("number"))}
