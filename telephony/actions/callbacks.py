"""Calls that we owe: asked for by who waits in line, or promised by an agent, and placed when they are due."""

from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import Q

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import require
from crmcore.queries.presence import routable
from crmcore.queries.rights import require_reach
from telephony.actions.distribution import distribute_soon, make_offer
from telephony.actions.endings import end_call
from telephony.actions.missed import tell_queue
from telephony.actions.outgoing import Target, new_outgoing
from telephony.actions.queueing import enter_queue
from telephony.actions.transitions import MovedOn, lock_call, move_call, waiting_deadline
from telephony.dial_rules import DialRefused, Refusal
from telephony.effective_wait import HeadStart
from telephony.models import Call, Callback, QueueEntry
from telephony.queries.dialling import belongs_to_demo, is_opted_out, number_to_call, queue_of_agent, route_to
from telephony.queries.lines import default_queue
from telephony.states import CallOutcome, CallState, EndReason, Party
from tickets.actions.promises import promise_contact, withdraw_promise

OWNER_PATIENCE = timedelta(minutes=2)
OCCUPIED_FOR = timedelta(minutes=1)
AT_ONCE = 50
IN_LINE = frozenset({CallState.QUEUED, CallState.OFFERING})


@transaction.atomic
def request_callback(call_id: int, *, tell_carrier: bool = True) -> Callback:
    """The waiting caller would rather be called, and keeps the place in line. Asked again, it is the same promise.

    Raises MovedOn when the caller does not wait (any more), DialRefused when the number cannot be called.
    """
    call = lock_call(call_id)
    known = Callback.objects.filter(origin=call).order_by("-pk").first()
    if known is not None:
        return known
    entry = QueueEntry.objects.filter(call=call, left_at=None).select_related("queue").first()
    if call.state not in IN_LINE or entry is None:
        raise MovedOn(call.state)
    now = clock.now()
    callback = owe_callback(call, entry, now=now)
    as_wished = partial(end_call, call, by=Party.CUSTOMER, reason=EndReason.CALLBACK, outcome=CallOutcome.CALLBACK)
    as_wished(now=now, tell_carrier=tell_carrier)
    return callback


def owe_callback(call: Call, entry: QueueEntry, *, now: datetime) -> Callback:
    """Promise a locked waiting call that we call back; it keeps the place of `entry`, waits in other queues included.

    Raises DialRefused when the number cannot be called.
    """
    callee = number_to_call(call.customer_number)
    is_demo = call.is_demo or belongs_to_demo(callee)
    if route_to(is_demo=is_demo, queue=entry.queue) is None:
        raise DialRefused(Refusal.NO_LINE)
    callback = _promise_for(call, entry, callee, is_demo=is_demo, now=now)
    audit.record("callback.requested", callback, by=None, detail={"number": callee, "call": call.pk})
    return callback


@transaction.atomic
def promise_call(
    raw_number: str, *, by: User, at: datetime, zone: str = "", note: str = "", target: Target | None = None
) -> Callback:
    """An agent promises to call at a time. A promise to the same number that is still open moves to the new time.

    Raises DialRefused, ValueError for a time that has passed, PermissionDenied for what is out of reach.
    """
    require(by, "call", "edit")
    target = target or Target()
    for row in (target.contact, target.account, target.ticket):
        if row is not None:
            require_reach(by, "view", row)
    now = clock.now()
    if at <= now:
        raise ValueError("a promise lies in the future")
    number = number_to_call(raw_number)
    queue = (target.ticket.queue if target.ticket else None) or queue_of_agent(by) or default_queue()
    is_demo = target.is_demo or belongs_to_demo(number)
    if route_to(is_demo=is_demo, queue=queue) is None:
        raise DialRefused(Refusal.NO_LINE)
    callback = _promise(
        number,
        kind=Callback.Kind.PROMISE,
        queue=queue,
        **_customer_of(target),
        owner=by,
        note=note[:200],
        zone=zone,
        created_at=now,
        entered_at=at,
        due_at=at,
        until=at + queue.callback_window,
        is_demo=is_demo,
    )
    if target.ticket is not None:
        promise_contact(target.ticket, at)
    audit.record("callback.promised", callback, by=by, detail={"number": number, "at": at.isoformat()})
    tell_queue(callback.queue_id)
    return callback


def _customer_of(target: Target) -> dict[str, object]:
    """Whom and what the promise is about; a ticket says who its customer is."""
    ticket = target.ticket
    return {
        "contact": target.contact or (ticket.contact if ticket else None),
        "account": target.account or (ticket.account if ticket else None),
        "ticket": ticket,
    }


@transaction.atomic
def call_off(callback_id: int, *, by: User) -> None:
    """Nobody is called; what stands in line for it leaves. Again is no change. Raises Callback.DoesNotExist."""
    require(by, "call", "edit")
    callback = Callback.objects.visible_to(by).get(pk=callback_id)
    still_open = Callback.objects.filter(pk=callback.pk, state__in=Callback.OPEN)
    if still_open.update(state=Callback.State.CANCELED, closed_at=clock.now()):
        _withdraw_from_ticket(callback)
        audit.record("callback.canceled", callback, by=by, detail={"number": callback.number})
        tell_queue(callback.queue_id)


@transaction.atomic
def withdraw_callback(callback: Callback) -> None:
    """The customer needs no call any more; again is no change."""
    still_open = Callback.objects.filter(pk=callback.pk, state__in=Callback.OPEN)
    if still_open.update(state=Callback.State.CANCELED, closed_at=clock.now()):
        _withdraw_from_ticket(callback)
        audit.record("callback.withdrawn", callback, by=None, detail={"number": callback.number})
        tell_queue(callback.queue_id)


def _withdraw_from_ticket(callback: Callback) -> None:
    if callback.ticket is not None and callback.kind == Callback.Kind.PROMISE:
        withdraw_promise(callback.ticket)


def callbacks_due(now: datetime) -> list[int]:
    """Ids of the promises whose time has come."""
    due = Callback.objects.filter(state=Callback.State.WAITING, due_at__lte=now)
    return list(due.order_by("due_at").values_list("pk", flat=True)[:AT_ONCE])


def orphaned_attempts(now: datetime) -> list[int]:
    """Ids of our calls in line for which nothing is owed any more: the customer was spoken to, or it was called off."""
    # A customer who was spoken to and waits again, passed on or parked, is on the line.
    untouched = Call.objects.filter(direction=Call.Direction.OUT, state__in=IN_LINE, answered_at=None)
    waiting = untouched.filter(callbacks__isnull=False)
    return list(waiting.exclude(callbacks__state=Callback.State.IN_LINE).values_list("pk", flat=True)[:AT_ONCE])


def drop_attempt(call_id: int, now: datetime) -> None:
    """Take a call of ours out of the line."""
    call = lock_call(call_id)
    if call.state in IN_LINE:
        end_call(call, by=Party.SYSTEM, reason=EndReason.DESK, outcome=CallOutcome.CANCELED, now=now)


def place_due(callback_id: int, now: datetime) -> None:
    """Put a due promise in line, at the place it kept; the owner of a promise is rung first."""
    rows = Callback.objects.select_for_update(of=("self",), skip_locked=True)
    callback = rows.filter(pk=callback_id, state=Callback.State.WAITING).first()
    if callback is None or _is_owner_awaited(callback, now):
        return
    if _is_on_the_phone(callback.number):
        callback.due_at = now + OCCUPIED_FOR
        callback.save(update_fields=["due_at"])
        return
    route = route_to(is_demo=callback.is_demo, queue=callback.queue)
    if route is None or callback.until <= now or is_opted_out(callback.number):
        callback.state, callback.closed_at = Callback.State.FAILED, now
        callback.save(update_fields=["state", "closed_at"])
        return
    target = Target(contact=callback.contact, account=callback.account, ticket=callback.ticket)
    call = new_outgoing(callback.number, route, queue=callback.queue, is_demo=callback.is_demo, target=target, now=now)
    call.priority_s, call.context = callback.priority_s, {"callback": callback.pk, "line": callback.note}
    call.save(update_fields=["priority_s", "context"])
    _stand_in_line(call, callback, now)


def _stand_in_line(call: Call, callback: Callback, now: datetime) -> None:
    callback.state, callback.call = Callback.State.IN_LINE, call
    callback.save(update_fields=["state", "call"])
    deadline = waiting_deadline(call, now)
    move_call(call, CallState.QUEUED, now=now, deadline=deadline, queued_at=callback.entered_at)
    enter_queue(call, callback.queue, now=callback.entered_at, came_by=HeadStart.CALLBACK)
    owner_id = callback.owner_id
    is_free = owner_id is not None and routable(now).filter(user=owner_id).exists()
    if owner_id is None or not is_free or not make_offer(call, owner_id, now=now):
        distribute_soon(queue=callback.queue_id)
    tell_queue(callback.queue_id)


def _promise_for(call: Call, entry: QueueEntry, number: str, *, is_demo: bool, now: datetime) -> Callback:
    """The promise to a caller who leaves the line at this place."""
    return _promise(
        number,
        kind=Callback.Kind.QUEUE,
        queue=entry.queue,
        contact=call.contact,
        account=call.account,
        ticket=call.ticket,
        origin=call,
        note=str(call.context.get("line", ""))[:200],
        created_at=now,
        entered_at=entry.entered_at - timedelta(seconds=entry.head_start.get(HeadStart.OVERFLOW, 0)),
        priority_s=call.priority_s,
        due_at=now,
        until=now + entry.queue.callback_window,
        is_demo=is_demo,
    )


def _promise(number: str, **fields: object) -> Callback:
    """The open promise to this number, made or brought up to date."""
    try:
        with transaction.atomic():
            return Callback.objects.create(number=number, **fields)
    except IntegrityError:
        callback = Callback.objects.select_for_update().get(number=number, state__in=Callback.OPEN)
    if callback.state == Callback.State.WAITING:
        for name in ("kind", "due_at", "until", "note", "owner", "zone", "entered_at"):
            setattr(callback, name, fields.get(name, getattr(callback, name)))
        callback.save()
    return callback


def _is_owner_awaited(callback: Callback, now: datetime) -> bool:
    """Whether the owner of a promise is not free yet and still given time."""
    if callback.owner_id is None or now >= callback.due_at + OWNER_PATIENCE:
        return False
    return not routable(now).filter(user=callback.owner_id).exists()


def _is_on_the_phone(number: str) -> bool:
    """Whether somebody speaks with, or dials, this number just now."""
    ours = Q(direction=Call.Direction.OUT, to_e164=number) | Q(direction=Call.Direction.IN, from_e164=number)
    busy = Call.objects.filter(ours).exclude(state__in=[CallState.ENDED, CallState.NEW])
    return busy.exists()
