"""Entering and leaving a queue; the place in it survives offers that fail."""

from datetime import datetime, timedelta

from crmcore.models import Queue
from telephony.actions.announcements import announce_call
from telephony.actions.distribution import distribute_soon
from telephony.actions.transitions import move_call, waiting_deadline
from telephony.models import Call, QueueEntry
from telephony.providers.registry import provider_of
from telephony.states import CallState, EntryEnd


def enter_queue(call: Call, queue: Queue, *, now: datetime, boost_s: int = 0) -> None:
    """Open the call's entry in `queue`; `boost_s` seconds of head start on top of the queue's and the call's own."""
    priority_s = queue.priority_s + call.priority_s + boost_s
    QueueEntry.objects.get_or_create(
        call=call,
        left_at=None,
        defaults={
            "queue": queue,
            "entered_at": now,
            "priority_s": priority_s,
            "rank": now - timedelta(seconds=priority_s),
            "initial_contact": not QueueEntry.objects.filter(call=call).exists(),
        },
    )


def enqueue_call(call: Call, queue: Queue, *, now: datetime, boost_s: int = 0) -> bool:
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
        enter_queue(call, queue, now=now, boost_s=boost_s)
        announce_call(call)
        distribute_soon()
    return moved


def resume_waiting(call: Call, *, now: datetime) -> bool:
    """The offer came to nothing: the call waits on, at the place it had."""
    previous_agent = call.agent_id
    if provider_of(call.provider).capabilities.distributes:
        entry = QueueEntry.objects.get(call=call, left_at=None)
        deadline = waiting_deadline(call, entry.entered_at)
        moved = move_call(call, CallState.QUEUED, now=now, deadline=deadline, agent=None)
        distribute_soon()
    else:
        moved = move_call(call, CallState.NEW, now=now, deadline=waiting_deadline(call, call.started_at), agent=None)
    if moved:
        announce_call(call, also_agent=previous_agent)
    return moved


def leave_queue(call: Call, left_as: EntryEnd, *, now: datetime) -> None:
    """Close the call's entry, if one is open."""
    QueueEntry.objects.filter(call=call, left_at=None).update(left_at=now, left_as=left_as)
