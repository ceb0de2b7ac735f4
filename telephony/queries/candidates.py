"""The two sides of the distribution: who could take a call, and which calls wait."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from crmcore.models import QueueMembership, QueueSkill, UserSkill
from crmcore.queries.presence import routable
from telephony.call_distribution import Caller, FreeAgent
from telephony.models import CallLeg, Offer, QueueEntry
from telephony.states import CallState, LegKind, OfferEnd, OfferState

# For this long a call does not return to an agent who did not take it.
EXCLUSION = timedelta(seconds=30)
EXCLUDING = (
    OfferEnd.REJECTED,
    OfferEnd.TIMEOUT,
    OfferEnd.MEDIA_FAILED,
    OfferEnd.AGENT_OFFLINE,
    OfferEnd.CANCELED,
    OfferEnd.TRANSFERRED,
)
LOOK_AHEAD = 500


def free_agents(now: datetime) -> list[FreeAgent]:
    """Routable agents without an open offer, each with the queues whose skills he has."""
    ringing = Offer.objects.filter(agent=OuterRef("user")).exclude(state=OfferState.CLOSED)
    idle_since = dict(routable(now).exclude(Exists(ringing)).values_list("user_id", "idle_since"))
    if not idle_since:
        return []
    qualified = _Qualification(idle_since)
    penalties: dict[int, dict[int, int]] = defaultdict(dict)
    for queue_id, user_id, penalty in QueueMembership.objects.filter(
        user_id__in=idle_since, queue__is_active=True
    ).values_list("queue_id", "user_id", "penalty"):
        if qualified(queue_id, user_id):
            penalties[user_id][queue_id] = penalty
    return [FreeAgent(user_id, idle_since[user_id] or now, queues) for user_id, queues in penalties.items()]


def waiting_callers(queue_ids: Collection[int], now: datetime) -> list[Caller]:
    """The first waiting calls of these queues by rank; a caller whose connection is broken is not offered."""
    broken = CallLeg.objects.filter(call=OuterRef("call"), kind=LegKind.CUSTOMER, lost_at__isnull=False)
    entries = (
        QueueEntry.objects.filter(left_at=None, queue_id__in=queue_ids, call__state=CallState.QUEUED)
        .exclude(Exists(broken))
        .order_by("rank", "call_id")
        .values_list("call_id", "queue_id", "rank")[:LOOK_AHEAD]
    )
    rows = list(entries)
    excluded = _excluded([call_id for call_id, _, _ in rows], now)
    return [Caller(call_id, queue_id, rank, frozenset(excluded[call_id])) for call_id, queue_id, rank in rows]


def _excluded(call_ids: Collection[int], now: datetime) -> dict[int, set[int]]:
    agents: dict[int, set[int]] = defaultdict(set)
    declined = Offer.objects.filter(call_id__in=call_ids, closed_at__gt=now - EXCLUSION, end_reason__in=EXCLUDING)
    for call_id, agent_id in declined.values_list("call_id", "agent_id"):
        agents[call_id].add(agent_id)
    return agents


class _Qualification:
    """Whether a person has every skill that a queue asks for."""

    def __init__(self, user_ids: Collection[int]) -> None:
        self.needs: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for queue_id, skill_id, level in QueueSkill.objects.values_list("queue_id", "skill_id", "min_level"):
            self.needs[queue_id].append((skill_id, level))
        rows = UserSkill.objects.filter(user_id__in=user_ids).values_list("user_id", "skill_id", "level")
        self.levels = {(user_id, skill_id): level for user_id, skill_id, level in rows}

    def __call__(self, queue_id: int, user_id: int) -> bool:
        return all(self.levels.get((user_id, skill_id), 0) >= level for skill_id, level in self.needs[queue_id])
