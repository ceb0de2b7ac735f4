"""Missed calls as work: entered when a caller is lost, closed by the next conversation or by hand."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from crmcore import clock, live
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import require
from telephony.events import QueueChanged
from telephony.models import Call, MissedCall
from telephony.states import CallOutcome

LOST = frozenset({CallOutcome.ABANDONED, CallOutcome.OVERFLOWED})
NOT_REACHED = frozenset({CallOutcome.BUSY, CallOutcome.NO_ANSWER, CallOutcome.FAILED})


def follow_up(call: Call, *, now: datetime) -> None:
    """A locked call has ended without a conversation: what is to be done about that."""
    if call.direction == Call.Direction.OUT:
        if call.outcome in NOT_REACHED:
            _open_for(call).update(tries=F("tries") + 1, tried_at=now)
            tell_queue(call.queue_id)
    elif call.outcome in LOST and _is_worth_it(call, now) and not _spoken_since(call):
        note_missed(call, now=now)


def note_missed(call: Call, *, now: datetime) -> None:
    """Enter the caller of a locked call; who has called before is one row with one call more."""
    if call.queue_id is None or not (call.customer_number or call.contact_id):
        return
    waited_s = round((now - (call.queued_at or call.started_at)).total_seconds())
    latest = {"queue_id": call.queue_id, "call": call, "last_at": now, "waited_s": waited_s, **_whose(call)}
    key = {"number": call.customer_number} if call.customer_number else {"number": "", "contact_id": call.contact_id}
    row, created = MissedCall.objects.get_or_create(closed_at=None, **key, defaults={**latest, "first_at": now})
    if not created:
        longest = {"waited_s": Greatest("waited_s", waited_s), "calls": F("calls") + 1}
        MissedCall.objects.filter(pk=row.pk).update(**{**latest, **longest})
    tell_queue(call.queue_id)


def settle_missed(call: Call, *, now: datetime) -> None:
    """Somebody spoke to this customer: what was missed of the same number is settled."""
    open_rows = _open_for(call)
    queues = set(open_rows.values_list("queue_id", flat=True))
    if queues:
        open_rows.update(closed_at=now, closed_as=MissedCall.Closed.SPOKEN, closed_by=call.agent_id)
    for queue_id in queues:
        tell_queue(queue_id)


@transaction.atomic
def mark_done(missed_id: int, *, by: User) -> None:
    """Somebody decided that nothing more is to be done; again is no change. Raises MissedCall.DoesNotExist."""
    require(by, "call", "edit")
    row = MissedCall.objects.visible_to(by).get(pk=missed_id)
    closed = MissedCall.objects.filter(pk=row.pk, closed_at=None)
    if closed.update(closed_at=clock.now(), closed_as=MissedCall.Closed.DONE, closed_by=by):
        audit.record("missed_call.done", row, by=by, detail={"number": row.number})
        tell_queue(row.queue_id)


def _open_for(call: Call) -> QuerySet[MissedCall]:
    same = Q(number=call.customer_number) if call.customer_number else Q(number="", contact=call.contact_id or 0)
    return MissedCall.objects.filter(same, closed_at=None)


def _is_worth_it(call: Call, now: datetime) -> bool:
    """Who hangs up within the queue's short time dialled the wrong number."""
    short_s = call.queue.short_abandon_s if call.queue else 0
    waited_s = (now - (call.queued_at or call.started_at)).total_seconds()
    return call.outcome == CallOutcome.OVERFLOWED or waited_s >= short_s


def _spoken_since(call: Call) -> bool:
    """Whether the same number was spoken to after this call began: its end was told late."""
    if not call.customer_number:
        return False
    same = Q(direction="in", from_e164=call.customer_number) | Q(direction="out", to_e164=call.customer_number)
    return Call.objects.filter(same, answered_at__gte=call.started_at).exists()


def _whose(call: Call) -> dict[str, int | None]:
    return {"account_id": call.account_id, "contact_id": call.contact_id, "ticket_id": call.ticket_id}


def tell_queue(queue_id: int | None) -> None:
    """The lists of those who serve the queue look again after the commit."""
    if queue_id is not None:
        live.publish(f"queue:{queue_id}", QueueChanged(queue_id=queue_id))
