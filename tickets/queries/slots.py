"""Free times: what technicians' hours leave when their visits are taken out."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from crmcore.models import CalendarVersion, Queue
from crmcore.working_time import WorkingCalendar, working_calendar
from tickets.models import DispatchOrder, FieldTerms, Technician

MOST = 400


@dataclass(frozen=True)
class Slot:
    """A time that at least one technician has; `technicians` are their ids, who has least to do that day first."""

    starts_at: datetime
    ends_at: datetime
    technicians: tuple[int, ...]

    @property
    def key(self) -> str:
        """How forms name it."""
        return self.starts_at.strftime("%Y%m%dT%H%MZ")


class Diary:
    """Hours and visits of technicians between two moments, read at once."""

    def __init__(self, technicians: Iterable[Technician], since: datetime, until: datetime) -> None:
        self.technicians = list(technicians)
        self.since, self.until = since, until
        self._hours = _hours_of(self.technicians, since)
        self.taken: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
        rows = DispatchOrder.objects.filter(
            technician__in=[one.user_id for one in self.technicians],
            state__in=DispatchOrder.TAKING_TIME,
            starts_at__lt=until,
            ends_at__gt=since,
        )
        for person, starts, ends in rows.values_list("technician_id", "starts_at", "ends_at"):
            assert person and starts and ends
            self.taken[person].append((starts, ends))

    def slots(self, minutes: int) -> list[Slot]:
        """Free slots in order, each with those who have it."""
        free: dict[tuple[datetime, datetime], list[tuple[int, int]]] = defaultdict(list)
        for one in self.technicians:
            hours = self._hours.get(one.calendar_id)
            if hours is None:
                continue
            for starts, ends in self._grid(hours, minutes):
                load = self._load(one, hours, starts)
                if self._is_free(one.user_id, starts, ends) and load < one.most_a_day:
                    free[starts, ends].append((load, one.user_id))
        return [Slot(*span, tuple(pk for _load, pk in sorted(free[span]))) for span in sorted(free)][:MOST]

    def _grid(self, hours: WorkingCalendar, minutes: int) -> Iterable[tuple[datetime, datetime]]:
        day = self.since.astimezone(hours.zone).date()
        while (begin := datetime.combine(day, time(), hours.zone)) < self.until:
            for opens, closes in hours.hours_on(day):
                for minute in range(opens, closes - minutes + 1, minutes):
                    # Wall clocks first, so that an hour that is skipped or doubled stays an hour of work.
                    starts = (datetime.combine(day, time()) + timedelta(minutes=minute)).replace(tzinfo=hours.zone)
                    span = _utc(starts), _utc(starts) + timedelta(minutes=minutes)
                    if span[0] >= self.since and span[1] <= self.until:
                        yield span
            day = begin.date() + timedelta(days=1)

    def _load(self, one: Technician, hours: WorkingCalendar, at: datetime) -> int:
        days = Counter(starts.astimezone(hours.zone).date() for starts, _ends in self.taken[one.user_id])
        return days[at.astimezone(hours.zone).date()]

    def _is_free(self, person: int, starts: datetime, ends: datetime) -> bool:
        return not any(begun < ends and starts < over for begun, over in self.taken[person])


def free_slots(queue: Queue, now: datetime, *, days: int | None = None, notice: bool = True) -> list[Slot]:
    """What can be offered for a request of a queue from `now` on; with `notice` not before customers may book."""
    terms = FieldTerms.current()
    since = now + timedelta(hours=terms.notice_hours) if notice else now
    until = now + timedelta(days=days or terms.days_ahead)
    return Diary(technicians_for(queue), since, until).slots(terms.slot_minutes)


def technicians_for(queue: Queue | None = None) -> list[Technician]:
    """Who drives out for the requests of a queue; without one, everybody."""
    rows = Technician.objects.filter(is_active=True, user__is_active=True).select_related("user")
    found = list(rows.prefetch_related("queues").order_by("user__name", "pk"))
    if queue is None:
        return found
    return [one for one in found if not one.queues.all() or queue in one.queues.all()]


def local_day(one: Technician, moment: datetime) -> tuple[datetime, datetime]:
    """Beginning and end of the day of a moment on the technician's own clock."""
    hours = _hours_of([one], moment).get(one.calendar_id)
    zone = hours.zone if hours else UTC
    begin = datetime.combine(moment.astimezone(zone).date(), time(), zone)
    return begin, begin + timedelta(days=1)


def slot_called(slots: Iterable[Slot], key: str) -> Slot | None:
    """The free slot that a form names, if it is still free."""
    return next((slot for slot in slots if slot.key == key), None)


def by_day(slots: Iterable[Slot], zone: object = None) -> dict[date, list[Slot]]:
    """Slots under their local days."""
    days: dict[date, list[Slot]] = defaultdict(list)
    for slot in slots:
        days[slot.starts_at.astimezone(zone).date()].append(slot)  # type: ignore[arg-type]
    return dict(days)


def _hours_of(technicians: list[Technician], at: datetime) -> dict[int, WorkingCalendar]:
    rows = CalendarVersion.objects.filter(calendar__in={one.calendar_id for one in technicians}, effective_from__lte=at)
    newest = rows.order_by("calendar_id", "-number").distinct("calendar_id")
    return {row.calendar_id: working_calendar(row.time_zone, row.weekly, row.overrides) for row in newest}


def _utc(moment: datetime) -> datetime:
    return datetime.fromtimestamp(moment.timestamp(), tz=UTC)
