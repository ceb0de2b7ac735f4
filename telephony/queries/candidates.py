"""The two sides of the distribution: who could take a call, and which calls wait. All read in bulk."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from crmcore.models import AgentPresence, QueueMembership, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.queries.presence import routable
from crmcore.queries.skills import Skills
from telephony.call_distribution import NEEDS_LOAD, Caller, FreeAgent, Seat
from telephony.models import CallLeg, Offer, QueueEntry
from telephony.queries.agent_load import loads_of
from telephony.states import CallState, LegKind, OfferEnd, OfferState

EXCLUDING = (
    OfferEnd.REJECTED,
    OfferEnd.TIMEOUT,
    OfferEnd.MEDIA_FAILED,
    OfferEnd.AGENT_OFFLINE,
    OfferEnd.CANCELED,
    OfferEnd.TRANSFERRED,
)
LOOK_AHEAD = 500
EVERYBODY = Q()


@dataclass(frozen=True)
class Candidates:
    callers: list[Caller]
    agents: list[FreeAgent]


def candidates(now: datetime, among: Q = EVERYBODY) -> Candidates:
    """Who could be brought together now; `among` narrows the agents, by conditions on their presence.

    The work grows with the waiting calls and with the free agents of their queues, not with all queues and members.
    """
    queue_ids = queues_with_callers()
    agents = free_agents(now, queue_ids, among) if queue_ids else []
    callers = waiting_callers(agents, now) if agents else []
    if {caller.strategy for caller in callers} & NEEDS_LOAD:
        loads = loads_of([agent.user_id for agent in agents], now)
        agents = [replace(agent, load=loads[agent.user_id]) for agent in agents]
    return Candidates(callers, agents)


def queues_with_callers() -> set[int]:
    """Queues in which a call waits for an offer."""
    waiting = QueueEntry.objects.filter(left_at=None, call__state=CallState.QUEUED, queue__is_active=True)
    return set(waiting.order_by().values_list("queue_id", flat=True).distinct())


def free_agents(now: datetime, queue_ids: Collection[int], among: Q = EVERYBODY) -> list[FreeAgent]:
    """Routable agents without an open offer, with their seats in these queues as far as skills allow."""
    ringing = Offer.objects.filter(agent=OuterRef("user")).exclude(state=OfferState.CLOSED)
    free = routable(now).filter(among).exclude(Exists(ringing))
    memberships = QueueMembership.objects.filter(queue_id__in=queue_ids, user__in=free.values("user_id"))
    rows = list(memberships.values_list("queue_id", "user_id", "penalty", "position", "user__presence__idle_since"))
    skills = Skills(queue_ids, {user_id for _, user_id, *_ in rows})
    seats: dict[int, dict[int, Seat]] = defaultdict(dict)
    idle_since: dict[int, datetime] = {}
    for queue_id, user_id, penalty, position, since in rows:
        after_s = skills.suffice_after(queue_id, user_id)
        if after_s is not None:
            seats[user_id][queue_id] = Seat(penalty, position, after_s)
            idle_since[user_id] = since or now
    return [FreeAgent(user_id, idle_since[user_id], places) for user_id, places in seats.items()]


def waiting_callers(agents: Iterable[FreeAgent], now: datetime) -> list[Caller]:
    """The first waiting calls, by rank, that one of these agents could serve.

    A caller whose connection is broken is not offered.
    """
    broken = CallLeg.objects.filter(call=OuterRef("call"), kind=LegKind.CUSTOMER, lost_at__isnull=False)
    entries = (
        QueueEntry.objects.filter(_within_reach(agents, now), left_at=None, call__state=CallState.QUEUED)
        .exclude(Exists(broken))
        .select_related("queue", "preferred__presence")
        .order_by("rank", "call_id")
        .only(
            "call_id", "rank", "entered_at", "queue__strategy", "queue__exclusion_s", "queue__preferred_wait_s",
            "preferred__presence__chosen", "preferred__presence__system", "preferred__presence__device_ok",
            "preferred__presence__phone_fault",
        )
    )  # fmt: skip
    listed = list(entries[:LOOK_AHEAD])
    excluded = _excluded(listed, now)
    return [_caller(entry, frozenset(excluded[entry.call_id]), now) for entry in listed]


def _caller(entry: QueueEntry, excluded: frozenset[int], now: datetime) -> Caller:
    waited = now - entry.entered_at
    return Caller(
        call_id=entry.call_id,
        queue_id=entry.queue_id,
        rank=entry.rank,
        excluded=excluded,
        strategy=entry.queue.strategy,
        waited_s=waited.total_seconds(),
        preferred=entry.preferred_id,
        holds=entry.preferred_id not in excluded
        and waited < timedelta(seconds=entry.queue.preferred_wait_s)
        and _may_come(entry.preferred),
    )


def _may_come(agent: User | None) -> bool:
    """Whether waiting for this agent makes sense: on duty, at a living screen with a sound phone, answering."""
    presence: AgentPresence | None = getattr(agent, "presence", None)
    return (
        presence is not None
        and presence.device_ok
        and not presence.phone_fault
        and presence.chosen == Chosen.AVAILABLE
        and presence.system != SystemState.NOT_RESPONDING
    )


def _within_reach(agents: Iterable[FreeAgent], now: datetime) -> Q:
    """Entries of the agents' queues that have waited long enough for the best qualified of them."""
    after: dict[int, float] = {}
    for agent in agents:
        for queue_id, seat in agent.seats.items():
            after[queue_id] = min(seat.after_s, after.get(queue_id, seat.after_s))
    reach = Q(queue_id__in=[queue_id for queue_id, seconds in after.items() if not seconds])
    for queue_id, seconds in after.items():
        if seconds:
            reach |= Q(queue_id=queue_id, entered_at__lte=now - timedelta(seconds=seconds))
    return reach


def _excluded(entries: Collection[QueueEntry], now: datetime) -> Mapping[int, set[int]]:
    """By call: the agents who did not take it a short while ago."""
    agents: dict[int, set[int]] = defaultdict(set)
    spans = {entry.call_id: timedelta(seconds=entry.queue.exclusion_s) for entry in entries}
    longest = max(spans.values(), default=timedelta())
    declined = Offer.objects.filter(call_id__in=spans, closed_at__gt=now - longest, end_reason__in=EXCLUDING)
    for call_id, agent_id, closed_at in declined.values_list("call_id", "agent_id", "closed_at"):
        if closed_at and closed_at > now - spans[call_id]:
            agents[call_id].add(agent_id)
    return agents
