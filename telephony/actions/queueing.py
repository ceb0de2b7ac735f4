"""Entering and leaving a queue; the place in it survives offers that fail."""

from datetime import datetime, timedelta

from crmcore.models import Queue
from telephony.actions.announcements import announce_call
from telephony.actions.distribution import distribute_soon
from telephony.actions.parked import parking_of, stay_parked
from telephony.actions.transitions import move_call, waiting_deadline
from telephony.effective_wait import HeadStart, head_starts
from telephony.models import Call, QueueEntry
from telephony.providers.registry import provider_of
from telephony.queries.estimate import callers_before, predicted_wait
from telephony.queries.preferred_agent import preferred_agent
from telephony.states import CallState, EntryEnd


def enter_queue(
    call: Call, queue: Queue, *, now: datetime, boost_s: int = 0, came_by: HeadStart = HeadStart.RETURNED
) -> None:
    """Open the locked call's entry in `queue`, with every head start it has.

    `came_by`: passed on or called back, for which the queue gives its own seconds, and `boost_s` comes on top.
    """
    earlier = list(QueueEntry.objects.filter(call=call).values_list("left_at", flat=True))
    if None in earlier:
        return
    given = head_starts(
        {
            HeadStart.QUEUE: queue.priority_s,
            HeadStart.CALL: call.priority_s,
            HeadStart.GRADE: int(queue.grade_boosts.get(call.account.grade, 0)) if call.account else 0,
            came_by: boost_s + _boost_of(queue, came_by),
        }
    )
    priority_s = sum(given.values())
    rank = now - timedelta(seconds=priority_s)
    predicted = predicted_wait(queue, ahead=callers_before(queue, rank))
    QueueEntry.objects.create(
        call=call,
        queue=queue,
        entered_at=now,
        priority_s=priority_s,
        head_start=given,
        rank=rank,
        predicted_s=None if predicted is None else round(predicted),
        preferred_id=preferred_agent(call, queue, now),
        initial_contact=not earlier,
    )


def _boost_of(queue: Queue, came_by: HeadStart) -> int:
    boosts = {HeadStart.TRANSFER: queue.transfer_boost_s, HeadStart.CALLBACK: queue.callback_boost_s}
    return boosts.get(came_by, 0)


def enqueue_call(
    call: Call, queue: Queue, *, now: datetime, boost_s: int = 0, came_by: HeadStart = HeadStart.RETURNED
) -> bool:
    """Let a locked call wait in `queue` and look for an agent; False when it has ended already."""
    call.queue = queue
    moved = move_call(
        call,
        CallState.QUEUED,
        now=now,
        deadline=waiting_deadline(call, now),
        queue=queue,
        queued_at=call.queued_at or now,
        agent=None,
    )
    if moved:
        enter_queue(call, queue, now=now, boost_s=boost_s, came_by=came_by)
        announce_call(call)
        distribute_soon(queue=queue.pk)
    return moved


def resume_waiting(call: Call, *, now: datetime) -> bool:
    """The offer came to nothing: the call waits on, at the place it had."""
    previous_agent = call.agent_id
    if parking := parking_of(call):
        moved = move_call(call, CallState.PARKED, now=now, deadline=stay_parked(parking, now=now), agent=None)
    elif provider_of(call.provider).capabilities.distributes:
        entry = QueueEntry.objects.get(call=call, left_at=None)
        deadline = waiting_deadline(call, entry.entered_at)
        moved = move_call(call, CallState.QUEUED, now=now, deadline=deadline, agent=None)
        distribute_soon(queue=call.queue_id)
    else:
        moved = move_call(call, CallState.NEW, now=now, deadline=waiting_deadline(call, call.started_at), agent=None)
    if moved:
        announce_call(call, also_agent=previous_agent)
    return moved


def leave_queue(
    call: Call, left_as: EntryEnd, *, now: datetime, flowed_to: str = "", to_queue: Queue | None = None
) -> None:
    """Close the call's entry, if one is open; `flowed_to` says where a rule of the queue sends the caller."""
    QueueEntry.objects.filter(call=call, left_at=None).update(
        left_at=now, left_as=left_as, flowed_to=flowed_to, flowed_to_queue=to_queue
    )
