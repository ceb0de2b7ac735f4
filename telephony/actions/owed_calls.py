"""What the end of a call, or its beginning in earnest, means for a call that we owe."""

from datetime import datetime, timedelta

from django.db.models import Q

from telephony.actions.missed import note_missed, tell_queue
from telephony.models import Call, Callback
from telephony.states import CallOutcome, Party

# What is promised for the next minutes is kept by a conversation now.
SOON = timedelta(minutes=10)
# After a fault of our own the customer is called as soon as somebody else can.
AFTER_FAULT = timedelta(seconds=30)
REFUSED_BY_CARRIER = frozenset({CallOutcome.BUSY, CallOutcome.NO_ANSWER})


def attempt_ended(call: Call, *, now: datetime) -> None:
    """A call of ours has ended without a conversation (locked): try again later, or hand it over as missed."""
    callback = Callback.objects.select_related("queue").filter(call=call, state=Callback.State.IN_LINE).first()
    if callback is None:
        return
    counts = call.outcome in REFUSED_BY_CARRIER or call.hung_up_by == Party.CARRIER
    attempts = callback.attempts + counts
    queue = callback.queue
    due_at = now + (timedelta(seconds=queue.callback_gap_s) if counts else AFTER_FAULT)
    gives_up = attempts >= queue.callback_attempts or due_at > callback.until or call.outcome == CallOutcome.OVERFLOWED
    if not gives_up:
        _move(callback, Callback.State.WAITING, attempts=attempts, due_at=due_at, call=None)
    elif _move(callback, Callback.State.FAILED, attempts=attempts, closed_at=now):
        note_missed(call, now=now)
    tell_queue(callback.queue_id)


def settle_callbacks(call: Call, *, now: datetime) -> None:
    """Somebody speaks to this customer: what was promised is kept, by whichever call."""
    if not call.customer_number:
        return
    kept = Callback.objects.filter(number=call.customer_number, state__in=Callback.OPEN)
    due = Q(call=call) | Q(kind=Callback.Kind.QUEUE) | Q(due_at__lte=now + SOON)
    for callback in kept.filter(due):
        _move(callback, Callback.State.DONE, closed_at=now)
        tell_queue(callback.queue_id)


def _move(callback: Callback, to: str, **changes: object) -> bool:
    """Guarded: what somebody else has closed meanwhile stays closed."""
    rows = Callback.objects.filter(pk=callback.pk, state__in=Callback.OPEN)
    return bool(rows.update(state=to, **changes))
