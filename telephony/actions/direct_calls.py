"""A call that is meant for one agent, who has asked for it."""

from django.db import transaction

from crmcore import clock
from crmcore.models import AgentPresence
from crmcore.queries.presence import routable
from telephony.actions.distribution import make_offer
from telephony.actions.transitions import lock_call
from telephony.models import Call, QueueEntry
from telephony.states import CallState


@transaction.atomic
def ring_first_at(call: Call, agent_id: int) -> bool:
    """Let a waiting call ring at this agent now, whether or not of its queue; else it prefers him while it waits."""
    locked, now = lock_call(call.pk), clock.now()
    if locked.state != CallState.QUEUED:
        return False
    AgentPresence.objects.select_for_update().filter(user=agent_id).first()
    if routable(now).filter(user=agent_id).exists() and make_offer(locked, agent_id, now=now):
        return True
    QueueEntry.objects.filter(call=locked, left_at=None).update(preferred_id=agent_id)
    return False
