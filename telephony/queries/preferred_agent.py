"""Whom a returning customer would like to talk to: who looks after them, or who talked with them last."""

from datetime import datetime, timedelta

from crmcore.models import Queue, QueueMembership
from crmcore.queries.skills import Skills
from crmcore.strategies import Preference
from telephony.models import Call, CallLeg
from telephony.states import LegKind

REMEMBERED = timedelta(days=30)


def preferred_agent(call: Call, queue: Queue, now: datetime) -> int | None:
    """The agent of the queue for whom this caller waits a while, by the queue's setting."""
    wanted = []
    if queue.preferred_agent in (Preference.OWNER, Preference.OWNER_OR_LAST) and call.account:
        wanted.append(call.account.owner_id)
    if queue.preferred_agent in (Preference.LAST, Preference.OWNER_OR_LAST):
        wanted.append(_talked_last(call, now))
    return next((user_id for user_id in wanted if user_id and _serves(user_id, queue)), None)


def _talked_last(call: Call, now: datetime) -> int | None:
    if call.contact_id is None and call.account_id is None:
        return None
    customer = {"call__contact": call.contact_id} if call.contact_id else {"call__account": call.account_id}
    talks = CallLeg.objects.filter(kind=LegKind.AGENT, joined_at__gt=now - REMEMBERED, **customer).exclude(call=call)
    return (
        talks.filter(call__answered_at__isnull=False).order_by("-joined_at").values_list("agent_id", flat=True).first()
    )


def _serves(user_id: int, queue: Queue) -> bool:
    """Whether the agent is in the queue and good enough for it from the first moment."""
    member = QueueMembership.objects.filter(queue=queue, user=user_id, user__is_active=True).exists()
    return member and Skills([queue.pk], [user_id]).suffice_after(queue.pk, user_id) == 0
