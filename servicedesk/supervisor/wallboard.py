"""The wallboard's six tiles: counts only, never people's data."""

import zoneinfo
from dataclasses import dataclass, fields
from datetime import datetime

from django.utils import timezone

from crmcore.models import CalendarVersion, Queue, Wallboard
from servicedesk.supervisor.board import RISK_WITHIN
from servicedesk.supervisor.people import Mix, mixes_of
from servicedesk.supervisor.reach import midnight
from telephony.queries.board import queue_stats
from telephony.service_level import Counts, Definition, abandon_rate, level_of
from tickets.models import Ticket

DUE_SHOWN_UP_TO = 99


@dataclass(frozen=True)
class Figures:
    """What a wallboard shows of its queues together, by the strictest target of each kind. Shares are per cent."""

    waiting: int
    waiting_target: int
    longest_since: datetime | None
    answer_within_s: int
    level: int | None
    target: int
    mix: Mix
    abandoned: float | None
    abandon_target: int
    due_soon: int

    def late(self, now: datetime) -> bool:
        return self.longest_since is not None and (now - self.longest_since).total_seconds() > self.answer_within_s

    @property
    def is_busy(self) -> bool:
        return self.waiting > self.waiting_target

    @property
    def is_behind(self) -> bool:
        return self.level is not None and self.level < self.target

    @property
    def loses_callers(self) -> bool:
        return self.abandoned is not None and self.abandoned > self.abandon_target


def figures_of(wallboard: Wallboard, now: datetime) -> Figures:
    """The figures of all queues of the wallboard, since midnight in the zone of its calendar."""
    queues = list(wallboard.queues.filter(is_active=True))
    with timezone.override(_zone_of(queues)):
        stats = queue_stats(queues, since=midnight(now), now=now)
    counts = _total([each.counts for each in stats])
    level = level_of((each.counts, Definition.of(each.queue)) for each in stats)
    abandoned = abandon_rate(counts)
    due = Ticket.objects.filter(queue__in=queues, is_active=True, sla_due_at__lte=now + RISK_WITHIN)
    return Figures(
        waiting=sum(each.waiting for each in stats),
        waiting_target=sum(queue.waiting_target for queue in queues),
        longest_since=min((each.longest_since for each in stats if each.longest_since), default=None),
        answer_within_s=min((queue.answer_within_s for queue in queues), default=20),
        level=None if level is None else round(100 * level),
        target=max((queue.service_level_target for queue in queues), default=80),
        mix=_whole(mixes_of(queues)),
        abandoned=None if abandoned is None else round(100 * abandoned, 1),
        abandon_target=min((queue.abandon_target for queue in queues), default=5),
        due_soon=len(due.values_list("pk")[:DUE_SHOWN_UP_TO]),
    )


def _total(parts: list[Counts]) -> Counts:
    return Counts(**{field.name: sum(getattr(part, field.name) for part in parts) for field in fields(Counts)})


def _whole(mixes: dict[int, Mix]) -> Mix:
    parts = list(mixes.values())
    return Mix(
        ready=sum(mix.ready for mix in parts),
        talking=sum(mix.talking for mix in parts),
        wrap=sum(mix.wrap for mix in parts),
        away=sum(mix.away for mix in parts),
    )


def _zone_of(queues: list[Queue]) -> zoneinfo.ZoneInfo:
    versions = CalendarVersion.objects.filter(calendar__queues__in=queues).order_by("-published_at")
    name = versions.values_list("time_zone", flat=True).first()
    return zoneinfo.ZoneInfo(name or "UTC")
