"""Callers in line who are put through to an outside number; does nobody answer there, they have their place again."""

from datetime import datetime, timedelta

from telephony.actions.commands import order, ref_of
from telephony.actions.parties import leave
from telephony.actions.queueing import enqueue_call
from telephony.actions.transitions import move_call
from telephony.effective_wait import HeadStart
from telephony.models import Call, CallLeg, DirectoryEntry, QueueEntry
from telephony.providers.base import ReturnCaller
from telephony.queries.lines import default_queue
from telephony.queries.outside import OutsideCall
from telephony.states import CallState, LegKind

# A carrier ends its own calls after as long.
LONGEST_CALL = timedelta(hours=4)


def forward(call: Call, route: OutsideCall, *, now: datetime) -> None:
    """Put a locked waiting call through; its carrier asks where the caller belongs, and is told to dial."""
    known = DirectoryEntry.objects.filter(number=route.number, is_active=True).first()
    CallLeg.objects.create(
        call=call,
        kind=LegKind.EXTERNAL,
        number=route.number,
        name=known.name if known else "",
        invited_at=now,
        last_seen_at=now,
    )
    move_call(call, CallState.FORWARDED, now=now, deadline=now + LONGEST_CALL)
    order(call, ReturnCaller(ref_of(call)), now=now)


def back_in_line(call: Call, leg: CallLeg, *, now: datetime) -> None:
    """Nobody answered: a locked call waits on in its queue, and the time so far counts."""
    leave(call, leg, now=now)
    entry = QueueEntry.objects.filter(call=call).order_by("-pk").first()
    waited = (now - entry.entered_at).total_seconds() + entry.head_start.get(HeadStart.OVERFLOW, 0) if entry else 0
    queue = call.queue or default_queue()
    enqueue_call(call, queue, now=now, boost_s=round(waited), came_by=HeadStart.OVERFLOW)
