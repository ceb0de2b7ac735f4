"""Everything the live board shows, read once per panel."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crmcore.models import Queue, User
from servicedesk.supervisor.people import Mix, mixes_of
from servicedesk.supervisor.reach import midnight
from telephony.queries.board import QueueStats, queue_stats
from telephony.queries.estimate_error import EstimateError, estimate_errors
from tickets.models import Ticket
from tickets.queries.clock_faces import ClockFace, face_of

RISK_WITHIN = timedelta(hours=1)
SHOWN_RISKS = 8


@dataclass(frozen=True)
class QueueRow:
    """A queue's line on the board."""

    stats: QueueStats
    mix: Mix
    estimate_error: EstimateError | None

    @property
    def level_percent(self) -> int | None:
        level = self.stats.service_level
        return None if level is None else round(100 * level)

    @property
    def abandoned_percent(self) -> float | None:
        rate = self.stats.abandon_rate
        return None if rate is None else round(100 * rate, 1)

    @property
    def loses_callers(self) -> bool:
        return 100 * (self.stats.abandon_rate or 0) > self.stats.queue.abandon_target

    def waits_too_long(self, now: datetime) -> bool:
        since = self.stats.longest_since
        return since is not None and (now - since).total_seconds() > self.stats.queue.answer_within_s


@dataclass(frozen=True)
class Alert:
    """Something to act on: `kind` is breach or hold."""

    kind: str
    icon: str
    cause: str
    fact: str


@dataclass(frozen=True)
class Risk:
    """A ticket that is overdue or soon will be."""

    ticket: Ticket
    face: ClockFace | None


def queue_rows(queues: Iterable[Queue], now: datetime) -> list[QueueRow]:
    """The queues with their figures of today, in five statements however many there are."""
    listed = list(queues)
    mixes, errors = mixes_of(listed), estimate_errors(listed, since=midnight(now))
    return [
        QueueRow(stats, mixes[stats.queue.pk], errors.get(stats.queue.pk))
        for stats in queue_stats(listed, since=midnight(now), now=now)
    ]


def tickets_at_risk(user: User, queues: Iterable[Queue], now: datetime) -> QuerySet[Ticket]:
    """Open tickets of these queues, overdue or due within the hour, the worst first."""
    tickets: QuerySet[Ticket] = Ticket.objects.visible_to(user)
    due = tickets.filter(queue__in=list(queues), is_active=True, sla_due_at__lte=now + RISK_WITHIN)
    return due.select_related("account", "contact", "assignee").defer("search").order_by("sla_due_at", "pk")


def risks(user: User, queues: Iterable[Queue], now: datetime) -> list[Risk]:
    """The first few tickets at risk, with their clocks."""
    return [Risk(ticket, face_of(ticket, now)) for ticket in tickets_at_risk(user, queues, now)[:SHOWN_RISKS]]


def alerts(rows: list[QueueRow], at_risk: list[Risk]) -> list[Alert]:
    """What should not wait: queues behind their target, callers without anybody, tickets without an owner."""
    found = [alert for row in rows if (alert := _alert_of_queue(row))]
    ownerless = sum(1 for risk in at_risk if risk.ticket.assignee_id is None)
    if ownerless:
        cause = ngettext(
            "%(n)d ticket due within the hour has no owner",
            "%(n)d tickets due within the hour have no owner",
            ownerless,
        )
        found.append(
            Alert("hold", "icon:clock-exclamation", cause % {"n": ownerless}, _("Assign them before they are late."))
        )
    return found


def _alert_of_queue(row: QueueRow) -> Alert | None:
    name, target = row.stats.queue.label, row.stats.queue.service_level_target
    if row.stats.waiting and not row.mix.ready and not row.mix.talking:
        cause = _("Nobody answers %(queue)s") % {"queue": name}
        return Alert("breach", "icon:alert-octagon", cause, _("Callers wait and no agent is on duty."))
    if row.stats.meets_target is False:
        cause = _("%(queue)s is behind") % {"queue": name}
        fact = _("%(now)d%% now, target %(target)d%%.") % {"now": row.level_percent, "target": target}
        return Alert("breach", "icon:trending-down", cause, fact)
    return None
