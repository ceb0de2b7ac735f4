"""What the published policies promise for a ticket, and the terms to which a clock is pinned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from crmcore.models import CalendarVersion
from crmcore.working_time import WorkingCalendar, working_calendar
from tickets.models import Category, SlaClock, SlaPolicyVersion, SlaTarget, Ticket
from tickets.queries.conditions import holds
from tickets.sla_clock import WALL_CLOCK, Terms
from tickets.sla_ladder import marks_of, usual_steps

Metric = SlaTarget.Metric
# What pauses these is their meaning; for others the policy says it, and replies are paused by nothing.
_ALWAYS_PAUSED_BY = {
    Metric.REQUESTER_WAIT: frozenset({Category.WAITING_CUSTOMER}),
    Metric.AGENT_WORK: frozenset({Category.WAITING_CUSTOMER, Category.ON_HOLD}),
    Metric.OWNERSHIP: frozenset({Category.WAITING_CUSTOMER, Category.ON_HOLD}),
}


@dataclass(frozen=True)
class Promise:
    """The target of one metric with the versions that it comes from."""

    version: SlaPolicyVersion | None
    calendar: CalendarVersion
    target_s: int

    @property
    def working(self) -> WorkingCalendar:
        return working_calendar(self.calendar.time_zone, self.calendar.weekly, self.calendar.overrides)


@dataclass(frozen=True)
class Ruling:
    """The version that rules a ticket, what it promises by metric, and the hours of what is promised apart from it."""

    version: SlaPolicyVersion | None = None
    promises: dict[str, Promise] = field(default_factory=dict)
    hours: CalendarVersion | None = None


class Rulebook:
    """The policies and calendars in force at a moment, read once, to be asked about any number of tickets.

    `versions` are asked in place of the newest published ones.
    """

    def __init__(self, at: datetime, versions: list[SlaPolicyVersion] | None = None) -> None:
        self.at = at
        self.versions = newest_versions() if versions is None else versions
        rows = CalendarVersion.objects.filter(effective_from__lte=at).order_by("calendar_id", "-number")
        self._calendars = {row.calendar_id: row for row in rows.distinct("calendar_id")}

    def ruling(self, ticket: Ticket, kept: Mapping[int, SlaPolicyVersion] | None = None) -> Ruling:
        """The first version whose conditions hold for the ticket, and its targets.

        `kept` are versions by policy to which the ticket is pinned: they stay though newer ones are published.
        """
        asked = (self._standing(version, kept or {}) for version in self.versions)
        version = next((one for one in asked if holds(one.conditions, ticket, now=self.at)), None)
        hours = self._calendars.get(self._usual_calendar(ticket, version) or 0)
        promises = {}
        for metric, target in (_targets(version, ticket) if version else {}).items():
            calendar = self._calendars.get(target.calendar_id) if target.calendar_id else hours
            if calendar is not None:
                promises[metric] = Promise(version, calendar, target.seconds)
        return Ruling(version, promises, hours)

    @staticmethod
    def _standing(newest: SlaPolicyVersion, kept: Mapping[int, SlaPolicyVersion]) -> SlaPolicyVersion:
        """The kept version of a policy, in its present form where that is the newest: its targets are known."""
        known = kept.get(newest.policy_id, newest)
        return newest if known.pk == newest.pk else known

    def _usual_calendar(self, ticket: Ticket, version: SlaPolicyVersion | None) -> int | None:
        """By whose hours targets without their own count: the customer's contract, the queue, the policy, the desk."""
        contract = ticket.account.service_calendar_id if ticket.account else None
        own = ticket.queue.calendar_id if version is None or version.follow_queue else None
        return contract or own or (version.calendar_id if version else min(self._calendars, default=None))


def promises_for(ticket: Ticket, at: datetime) -> dict[str, Promise]:
    """The promises in force for a new ticket by metric; metrics without a target are missing."""
    return Rulebook(at).ruling(ticket).promises


def newest_versions() -> list[SlaPolicyVersion]:
    """The newest published version of each policy in use, in the order in which they are asked."""
    return list(
        SlaPolicyVersion.objects.filter(policy__is_active=True, published_at__isnull=False)
        .select_related("policy")
        .prefetch_related("targets")
        .order_by("policy__position", "policy_id", "-number")
        .distinct("policy__position", "policy_id")
    )


def terms_of(clock: SlaClock) -> Terms | None:
    """The terms pinned to a clock, None where nothing is promised. Raises CalendarError for an unusable calendar."""
    version, pinned = clock.policy_version, clock.calendar_version
    steps = version.steps if version else usual_steps()
    hours = working_calendar(pinned.time_zone, pinned.weekly, pinned.overrides) if pinned else None
    if clock.pinned_due_at is not None:
        target_s = max(1, int((clock.pinned_due_at - clock.started_at).total_seconds()))
        marks = marks_of(steps, clock.metric, target_s)
        return Terms(target_s, WALL_CLOCK, marks, due_at=clock.pinned_due_at, hours=hours)
    if hours is None or clock.target_s is None:
        return None
    return Terms(clock.target_s, hours, marks_of(steps, clock.metric, clock.target_s), pauses_of(version, clock.metric))


def pauses_of(version: SlaPolicyVersion | None, metric: str) -> frozenset[str]:
    """The status categories in which a clock of this metric stands still under a version."""
    if metric in _ALWAYS_PAUSED_BY:
        return _ALWAYS_PAUSED_BY[Metric(metric)]
    if version is None:
        return frozenset()
    if metric == Metric.PERIODIC_UPDATE:
        return frozenset({Category.WAITING_CUSTOMER} if version.updates_pause else ())
    return frozenset({Metric.RESOLUTION: version.pauses, Metric.STAGE: version.stage_pauses}.get(Metric(metric), ()))


def _targets(version: SlaPolicyVersion, ticket: Ticket) -> dict[str, SlaTarget]:
    """For each metric the target that fits the ticket most exactly: type counts more than priority."""
    rows = sorted(version.targets.all(), key=lambda row: (row.type_id is not None, bool(row.priority)))
    return {
        row.metric: row
        for row in rows
        if row.type_id in (None, ticket.type_id) and row.priority in ("", ticket.priority)
    }
