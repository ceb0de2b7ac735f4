"""What the published policies promise for a ticket, and the terms to which a clock is pinned."""

from dataclasses import dataclass
from datetime import datetime

from crmcore.models import CalendarVersion
from crmcore.working_time import working_calendar
from tickets.models import SlaClock, SlaPolicyVersion, SlaTarget, Ticket
from tickets.sla_clock import FOLLOWS_STATUS, Terms


@dataclass(frozen=True)
class Promise:
    """The target of one metric with the versions that it comes from."""

    version: SlaPolicyVersion
    calendar: CalendarVersion
    target_s: int


def promises_for(ticket: Ticket, at: datetime) -> dict[str, Promise]:
    """The promises in force for a ticket by metric; metrics without a target are missing."""
    version = _ruling_version(ticket)
    if version is None:
        return {}
    targets = _targets(version, ticket)
    own = ticket.queue.calendar_id if version.follow_queue else None
    wanted = {metric: target.calendar_id or own or version.calendar_id for metric, target in targets.items()}
    calendars = _calendar_versions(set(wanted.values()), at)
    return {
        metric: Promise(version, calendars[wanted[metric]], target.seconds)
        for metric, target in targets.items()
        if wanted[metric] in calendars
    }


def terms_of(clock: SlaClock) -> Terms | None:
    """The terms pinned to a clock. Raises CalendarError for a calendar that cannot be used."""
    version, pinned = clock.policy_version, clock.calendar_version
    if version is None or pinned is None or clock.target_s is None:
        return None
    calendar = working_calendar(pinned.time_zone, pinned.weekly, pinned.overrides)
    pauses = frozenset(version.pauses if clock.metric in FOLLOWS_STATUS else ())
    return Terms(clock.target_s, calendar, version.warn_percent, pauses)


def _ruling_version(ticket: Ticket) -> SlaPolicyVersion | None:
    newest = (
        SlaPolicyVersion.objects.filter(policy__is_active=True, published_at__isnull=False)
        .select_related("policy")
        .order_by("policy__position", "policy_id", "-number")
        .distinct("policy__position", "policy_id")
    )
    grade = ticket.account.grade if ticket.account else ""
    return next(
        (version for version in newest if version.queue_id in (None, ticket.queue_id) and version.grade in ("", grade)),
        None,
    )


def _targets(version: SlaPolicyVersion, ticket: Ticket) -> dict[str, SlaTarget]:
    """For each metric the target that fits the ticket most exactly: type counts more than priority."""
    rows = sorted(version.targets.all(), key=lambda row: (row.type_id is not None, bool(row.priority)))
    return {
        row.metric: row
        for row in rows
        if row.type_id in (None, ticket.type_id) and row.priority in ("", ticket.priority)
    }


def _calendar_versions(calendar_ids: set[int], at: datetime) -> dict[int, CalendarVersion]:
    rows = CalendarVersion.objects.filter(calendar_id__in=calendar_ids, effective_from__lte=at)
    newest = rows.order_by("calendar_id", "-number").distinct("calendar_id")
    return {row.calendar_id: row for row in newest}
