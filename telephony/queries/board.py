"""Figures of the live board: queues, agents, calls in progress."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet, Sum

from crmcore.models import AgentPresence, Queue
from crmcore.models.presence import Chosen
from crmcore.queries.presence import routable
from telephony.models import Call, QueueEntry
from telephony.service_level import Counts, Definition, abandon_rate, average_answer_seconds, service_level
from telephony.states import LIVE_WITH_AGENT, EntryEnd


@dataclass(frozen=True)
class QueueStats:
    """One queue: now, and since the beginning of the day that was asked for. Shares run from 0 to 1."""

    queue: Queue
    waiting: int
    longest_since: datetime | None
    ready_agents: int
    counts: Counts

    @property
    def offered(self) -> int:
        return self.counts.offered

    @property
    def abandoned(self) -> int:
        return self.counts.abandoned

    @property
    def service_level(self) -> float | None:
        """By the queue's own definition; None when nothing was offered."""
        return service_level(self.counts, Definition.of(self.queue))

    @property
    def abandon_rate(self) -> float | None:
        return abandon_rate(self.counts)

    @property
    def average_answer_seconds(self) -> float | None:
        return average_answer_seconds(self.counts)

    @property
    def meets_target(self) -> bool | None:
        level = self.service_level
        return None if level is None else level * 100 >= self.queue.service_level_target


def queue_stats(queues: Iterable[Queue], *, since: datetime, now: datetime) -> list[QueueStats]:
    """Figures of these queues, in three statements however many there are."""
    listed = list(queues)
    waiting = _waiting(listed)
    ready = _ready(listed, now)
    counts = counts_since(since, listed)
    stats = []
    for queue in listed:
        number, longest_since = waiting.get(queue.pk, (0, None))
        stats.append(QueueStats(queue, number, longest_since, ready.get(queue.pk, 0), counts[queue.pk]))
    return stats


def _waiting(queues: list[Queue]) -> dict[int, tuple[int, datetime]]:
    """By queue: how many wait, and since when the longest."""
    entries = QueueEntry.objects.filter(queue__in=queues, left_at=None).order_by()
    rows = entries.values("queue").annotate(number=Count("pk"), longest=Min("entered_at"))
    return {row["queue"]: (row["number"], row["longest"]) for row in rows}


def _ready(queues: list[Queue], now: datetime) -> dict[int, int]:
    """By queue: how many agents could take a call."""
    agents = routable(now).filter(user__queue_memberships__queue__in=queues).order_by()
    rows = agents.values_list("user__queue_memberships__queue").annotate(Count("user", distinct=True))
    return dict(rows)


def counts_since(since: datetime, queues: Iterable[Queue]) -> dict[int, Counts]:
    """What entered each queue since then and has left it, by how it left and how fast."""
    listed = list(queues)
    wait = F("left_at") - F("entered_at")
    # Calls back keep the old entry time; how long they took is a figure of its own.
    entries = QueueEntry.objects.filter(queue__in=listed, entered_at__gte=since, left_at__isnull=False)
    entries = entries.exclude(call__direction=Call.Direction.OUT)
    answered, abandoned = Q(left_as=EntryEnd.ANSWERED), Q(left_as=EntryEnd.ABANDONED)
    flowed_out = Q(left_as__in=[EntryEnd.OVERFLOWED, EntryEnd.CALLBACK])
    in_time = Q(wait__lte=F("queue__answer_within_s") * timedelta(seconds=1))
    short = Q(wait__lt=F("queue__short_abandon_s") * timedelta(seconds=1))
    rows = (
        entries.annotate(wait=wait)
        .order_by()
        .values("queue")
        .annotate(
            answered=Count("pk", filter=answered),
            answered_in_time=Count("pk", filter=answered & in_time),
            abandoned=Count("pk", filter=abandoned),
            abandoned_in_time=Count("pk", filter=abandoned & in_time),
            short_abandons=Count("pk", filter=abandoned & short),
            flowed_out=Count("pk", filter=flowed_out),
            flowed_out_in_time=Count("pk", filter=flowed_out & in_time),
            answer_wait=Sum("wait", filter=answered),
        )
    )
    found = {row["queue"]: _counts({**row}) for row in rows}
    return {queue.pk: found.get(queue.pk, Counts()) for queue in listed}


def _counts(row: dict[str, Any]) -> Counts:
    waited: timedelta | None = row.pop("answer_wait")
    del row["queue"]
    return Counts(answer_seconds=waited.total_seconds() if waited else 0.0, **row)


def agent_states(queues: Iterable[Queue] | None = None) -> QuerySet[AgentPresence]:
    """Agents on duty (of these queues), by name."""
    presences = AgentPresence.objects.exclude(chosen=Chosen.OFFLINE).filter(user__is_active=True)
    if queues is not None:
        presences = presences.filter(user__queues__in=list(queues)).distinct()
    return presences.select_related("user").order_by("user__name", "user_id")


def calls_in_progress(queues: Iterable[Queue] | None = None) -> QuerySet[Call]:
    """Calls that an agent has in hand, the longest first."""
    calls = Call.objects.filter(state__in=LIVE_WITH_AGENT)
    if queues is not None:
        calls = calls.filter(queue__in=list(queues))
    return calls.select_related("queue", "agent", "account", "contact").order_by("answered_at", "pk")
