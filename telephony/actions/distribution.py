"""Distribution: waiting calls to idle agents, in one order over all queues, by any process at any time."""

from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from crmcore import clock
from crmcore.actions import presence
from crmcore.models import AgentPresence
from telephony.actions.announcements import announce_call, announce_offer
from telephony.actions.identity import refresh_identity
from telephony.actions.transitions import move_call
from telephony.call_distribution import Pair, pair
from telephony.models import Call, Offer, QueueEntry
from telephony.queries.candidates import free_agents, waiting_callers
from telephony.states import CallState

# Small enough for short locks, large enough to spare the candidates a second reading.
AT_ONCE = 10
RINGS_FOR_S = 20


def distribute() -> int:
    """Offer calls until no pair is left; how many. Safe to run anywhere: locked rows are somebody else's work."""
    made = 0
    while batch := _distribute_some():
        made += batch
    return made


def distribute_soon() -> None:
    """Distribute once after the commit: the present change may have made a pair possible."""
    if not any(_after_commit in hook for hook in connection.run_on_commit):
        transaction.on_commit(_after_commit, robust=True)


def _after_commit() -> None:
    distribute()


@transaction.atomic
def _distribute_some() -> int:
    now = clock.now()
    agents = free_agents(now)
    if not agents:
        return 0
    queue_ids = {queue_id for agent in agents for queue_id in agent.penalties}
    pairs = pair(waiting_callers(queue_ids, now), agents)[:AT_ONCE]
    if not pairs:
        return 0
    return sum(make_offer(call, agent_id, now=now) for call, agent_id in _lock(pairs))


def _lock(pairs: list[Pair]) -> list[tuple[Call, int]]:
    """The pairs of which both sides could be locked, re-read under the lock."""
    waiting = Call.objects.filter(pk__in=[p.caller.call_id for p in pairs], state=CallState.QUEUED)
    calls = waiting.select_for_update(of=("self",), skip_locked=True).select_related("queue", "line").in_bulk()
    idle = AgentPresence.objects.filter(user_id__in=[p.agent.user_id for p in pairs])
    agents = set(idle.select_for_update(skip_locked=True).values_list("user_id", flat=True))
    return [
        (calls[p.caller.call_id], p.agent.user_id)
        for p in pairs
        if p.caller.call_id in calls and p.agent.user_id in agents
    ]


def make_offer(call: Call, agent_id: int, *, now: datetime) -> bool:
    """Let a locked waiting call ring at an agent; False when either is taken in the meantime."""
    expires_at = now + timedelta(seconds=call.queue.offer_timeout_s if call.queue else RINGS_FOR_S)
    try:
        with transaction.atomic():
            if not presence.reserve(agent_id, until=expires_at):
                return False
            offer = Offer.objects.create(call=call, agent_id=agent_id, offered_at=now, expires_at=expires_at)
    except IntegrityError:
        return False
    refresh_identity(call, now=now)
    move_call(call, CallState.OFFERING, now=now, deadline=expires_at)
    QueueEntry.objects.filter(call=call, left_at=None).update(tries=F("tries") + 1)
    announce_offer(offer)
    announce_call(call)
    return True
