"""Distribution: waiting calls to idle agents, in one order over all queues, by any process at any time."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q

from crmcore import clock
from crmcore.actions import presence
from crmcore.models import AgentPresence
from telephony.actions.announcements import announce_call, announce_offer
from telephony.actions.identity import refresh_identity
from telephony.actions.transitions import move_call
from telephony.call_distribution import Match, match
from telephony.models import Call, Offer, QueueEntry
from telephony.queries.candidates import EVERYBODY, candidates
from telephony.states import CallState

# Small enough for short locks, large enough to spare the candidates a second reading.
AT_ONCE = 10
RINGS_FOR_S = 20


def distribute(among: Q = EVERYBODY) -> int:
    """Offer calls until no pair is left; how many. Safe to run anywhere: locked rows are somebody else's work.

    `among`: conditions on the presence of the agents to look at.
    """
    made, more = 0, True
    while more:
        offered, more = _distribute_some(among)
        made += offered
    return made


class _Soon:
    """The agents whom the changes of one transaction concern; they are looked at once, after its commit."""

    def __init__(self) -> None:
        self.agents: set[int] = set()
        self.queues: set[int] = set()

    def __call__(self) -> None:
        distribute(Q(user_id__in=self.agents) | Q(user__queue_memberships__queue_id__in=self.queues))


def distribute_soon(*, agent: int | None = None, queue: int | None = None) -> None:
    """After the commit: is there a call for this agent, an agent for the calls of this queue?"""
    known = next((entry[1] for entry in connection.run_on_commit if isinstance(entry[1], _Soon)), None)
    soon = known or _Soon()
    soon.agents |= {agent} if agent else set()
    soon.queues |= {queue} if queue else set()
    if known is None:
        transaction.on_commit(soon, robust=True)


@transaction.atomic
def _distribute_some(among: Q) -> tuple[int, bool]:
    """How many offers were made, and whether it is worth looking again."""
    now = clock.now()
    found = candidates(now, among)
    matches = match(found.callers, found.agents)
    taken = _lock(matches[:AT_ONCE])
    made = sum(make_offer(call, *agent_ids, now=now) for call, agent_ids in taken)
    return made, bool(made) and (len(matches) > AT_ONCE or len(taken) < len(matches))


def _lock(matches: Sequence[Match]) -> list[tuple[Call, list[int]]]:
    """The matches of which both sides could be locked, re-read under the lock."""
    if not matches:
        return []
    waiting = Call.objects.filter(pk__in=[m.caller.call_id for m in matches], state=CallState.QUEUED)
    calls = waiting.select_for_update(of=("self",), skip_locked=True).select_related("queue", "line").in_bulk()
    idle = AgentPresence.objects.filter(user_id__in=[agent.user_id for m in matches for agent in m.agents])
    free = set(idle.select_for_update(skip_locked=True).values_list("user_id", flat=True))
    return [
        (calls[m.caller.call_id], ids)
        for m in matches
        if m.caller.call_id in calls and (ids := [agent.user_id for agent in m.agents if agent.user_id in free])
    ]


def make_offer(call: Call, *agent_ids: int, now: datetime) -> bool:
    """Let a locked waiting call ring at these agents at once; False when none of them is free any more."""
    expires_at = now + timedelta(seconds=call.queue.offer_timeout_s if call.queue else RINGS_FOR_S)
    is_shared = len(agent_ids) > 1
    offers = [
        Offer(call=call, agent_id=agent_id, is_shared=is_shared, offered_at=now, expires_at=expires_at)
        for agent_id in agent_ids
    ]
    made = [offer for offer in offers if _store(offer)]
    if not made:
        return False
    refresh_identity(call, now=now)
    move_call(call, CallState.OFFERING, now=now, deadline=expires_at)
    QueueEntry.objects.filter(call=call, left_at=None).update(tries=F("tries") + 1)
    for offer in made:
        announce_offer(offer)
    announce_call(call)
    return True


def _store(offer: Offer) -> bool:
    """Reserve the agent and store the offer; False when either is taken in the meantime."""
    try:
        with transaction.atomic():
            if not presence.reserve(offer.agent_id, until=offer.expires_at):
                return False
            offer.save(force_insert=True)
    except IntegrityError:
        return False
    return True
