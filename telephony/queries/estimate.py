"""How long a caller will probably wait."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.db.models import F

from crmcore import clock
from crmcore.models import AgentPresence, Queue, QueueMembership
from crmcore.models.presence import Chosen, SystemState
from telephony.models import Call, CallLeg, QueueEntry
from telephony.queries.board import counts_since
from telephony.service_level import abandon_rate
from telephony.states import LegKind
from telephony.waiting_time import estimate, smoothed

RECENT_CALLS = 50
LOOK_BACK = timedelta(hours=2)
PACE_HOLDS_S = 2


def estimated_wait(queue: Queue, *, ahead: int | None = None) -> int | None:
    """Seconds until somebody who joins `queue` now is answered, rounded up to full minutes; None when nobody can tell.

    `ahead`: how many are served before; without it, everybody who waits.
    """
    seconds = predicted_wait(queue, ahead=ahead)
    return None if seconds is None else math.ceil(seconds / 60) * 60


def predicted_wait(queue: Queue, *, ahead: int | None = None) -> float | None:
    """The same to the second: handle time x callers to be served first / agents x share of those who stay."""
    ahead = QueueEntry.objects.filter(queue=queue, left_at=None).count() if ahead is None else ahead
    pace = _pace(queue)
    if pace.ready > ahead:
        return 0.0
    seconds = pace.longest_wait if not pace.agents else None
    if pace.agents and pace.handle_time is not None:
        seconds = estimate(
            position=ahead + 1,
            ready=pace.ready,
            agents=pace.agents,
            handle_time=pace.handle_time,
            abandon_share=pace.abandon_share,
        )
    return None if seconds is None else min(seconds, float(queue.max_wait_s or math.inf))


def callers_before(queue: Queue, rank: datetime) -> int:
    """How many of the queue's callers are served before one of this rank."""
    return QueueEntry.objects.filter(queue=queue, left_at=None, rank__lt=rank).count()


@dataclass(frozen=True)
class _Pace:
    """How fast a queue is served: idle agents, agents in all (shared ones in part), seconds per call, who gives up."""

    ready: int
    agents: float
    handle_time: float | None
    abandon_share: float
    longest_wait: float | None


def _pace(queue: Queue) -> _Pace:
    """The queue's pace of a moment ago: in a rush of calls it is not worked out for each."""
    known: _Pace | None = caches["memory"].get(key := f"pace:{queue.pk}")
    if known is None:
        caches["memory"].set(key, known := _present_pace(queue), PACE_HOLDS_S)
    return known


def _present_pace(queue: Queue) -> _Pace:
    now = clock.now()
    ready, agents = _staff(queue)
    return _Pace(
        ready,
        agents,
        handle_time=_handle_time(queue) if agents else None,
        abandon_share=abandon_rate(counts_since(now - LOOK_BACK, [queue])[queue.pk]) or 0.0 if agents else 0.0,
        longest_wait=None if agents else _longest_wait(queue, now),
    )


def _staff(queue: Queue) -> tuple[int, float]:
    """How many of the queue's agents are idle, and how many agents it has when those of busy queues are shared."""
    on_duty = AgentPresence.objects.filter(
        user__queue_memberships__queue=queue, chosen=Chosen.AVAILABLE, device_ok=True, phone_fault=""
    ).exclude(system=SystemState.NOT_RESPONDING)
    agents = dict(on_duty.values_list("user_id", "system"))
    busy = set(QueueEntry.objects.filter(left_at=None).order_by().values_list("queue_id", flat=True).distinct())
    members = QueueMembership.objects.filter(user_id__in=agents, queue_id__in=busy | {queue.pk})
    queues_per_agent = Counter(members.values_list("user_id", flat=True))
    ready = sum(1 for system in agents.values() if system == SystemState.IDLE)
    return ready, sum(1 / queues_per_agent[user_id] for user_id in agents)


def _handle_time(queue: Queue) -> float | None:
    """Talk, hold and wrap-up seconds of a typical recent call, None before the first."""
    recent = Call.objects.filter(queue=queue, answered_at__isnull=False).order_by("-started_at", "-id")
    legs = CallLeg.objects.filter(
        call__in=recent.values("pk")[: 2 * RECENT_CALLS],
        kind=LegKind.AGENT,
        wrap_up_ended_at__isnull=False,
        joined_at__isnull=False,
    )
    spans = legs.order_by("-joined_at").annotate(span=F("wrap_up_ended_at") - F("joined_at"))
    latest = [span.total_seconds() for span in spans.values_list("span", flat=True)[:RECENT_CALLS]]
    return smoothed(reversed(latest))


def _longest_wait(queue: Queue, now: datetime) -> float | None:
    """When nobody is there, this is the best that is known."""
    longest = QueueEntry.objects.filter(queue=queue, left_at=None).order_by("entered_at").first()
    return (now - longest.entered_at).total_seconds() if longest else None
