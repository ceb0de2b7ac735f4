"""Changing many tickets at once: in the background, ticket by ticket, each for itself, and back again."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crmcore import live
from crmcore.actions import audit
from crmcore.clock import now
from crmcore.later import run_later
from crmcore.models import Queue, User
from crmcore.permissions import require
from tickets.actions.changing import changing
from tickets.actions.moves import WrongMove, hand_to, move, pass_to_queue, prioritise, retype
from tickets.actions.steps import BadStep, Doing, Step, problems, rights_for, take
from tickets.events import BulkChanged
from tickets.models import BulkChange, BulkItem, Ticket, TicketStatus, TicketType

MOST = 10_000
# Screens are told once per portion.
PORTION = 25
State, Item = BulkChange.State, BulkItem.State


class Refused(Exception):
    """A change of many tickets that is not begun, with a sentence that says why."""


@transaction.atomic
def change_many(ticket_ids: Iterable[int], steps: Sequence[Step], *, by: User) -> BulkChange:
    """Begin to change these tickets, as far as the person may; rights are asked again ticket by ticket.

    Raises Refused for steps that cannot be done, no tickets, or too many of them.
    """
    ids = sorted(set(ticket_ids))
    if wrong := problems(steps):
        raise Refused(" ".join(wrong))
    if not ids or len(ids) > MOST:
        raise Refused(_("Choose between 1 and %(most)s tickets.") % {"most": MOST})
    for action in rights_for(steps):
        require(by, "ticket", action)
    change = BulkChange.objects.create(by=by, steps=list(steps), total=len(ids), created_at=now())
    BulkItem.objects.bulk_create((BulkItem(change=change, ticket_id=pk) for pk in ids), batch_size=1000)
    audit.record("bulk.begun", change, by=by, detail={"steps": change.steps, "tickets": len(ids)})
    run_later("tickets.bulk", change.pk)
    return change


@transaction.atomic
def undo(change: BulkChange, *, by: User) -> bool:
    """Begin to change the tickets back; False when the change is not done or not theirs."""
    rows = BulkChange.objects.filter(pk=change.pk, by=by, state=State.DONE)
    if not rows.update(state=State.UNDOING, ended_at=None):
        return False
    audit.record("bulk.undone", change, by=by)
    run_later("tickets.bulk", change.pk)
    return True


def work_off(change_id: int) -> None:
    """Work until nothing is left. Several processes may do it at once, and any may die in between."""
    change = BulkChange.objects.select_related("by").filter(pk=change_id, state__in=BulkChange.ACTIVE).first()
    if change is None:
        return
    one, open_state = (_do, Item.WAITING) if change.state == State.RUNNING else (_undo, Item.DONE)
    with translation.override(change.by.language):
        while _portion(change, one, open_state):
            pass
    _end(change, open_state)


def _portion(change: BulkChange, one: Callable[[BulkChange, BulkItem], None], open_state: str) -> int:
    """Work off some items, each in a transaction of its own so that nobody waits for many; how many there were."""
    ids = list(change.items.filter(state=open_state).order_by("pk").values_list("pk", flat=True)[:PORTION])
    done = sum(_item(change, pk, one, open_state) for pk in ids)
    if done:
        with transaction.atomic():
            live.publish(f"agent:{change.by_id}", BulkChanged(change_id=change.pk))
    return done


@transaction.atomic
def _item(change: BulkChange, pk: int, one: Callable[[BulkChange, BulkItem], None], open_state: str) -> bool:
    """Work off one item; False when another process has it."""
    free = change.items.filter(pk=pk, state=open_state)
    item = free.select_related("ticket").select_for_update(of=("self",), skip_locked=True).first()
    if item is None:
        return False
    one(change, item)
    item.save()
    return True


@transaction.atomic
def _end(change: BulkChange, open_state: str) -> None:
    if change.items.filter(state=open_state).exists():
        return
    ended = {State.RUNNING: State.DONE, State.UNDOING: State.UNDONE}[State(change.state)]
    BulkChange.objects.filter(pk=change.pk, state=change.state).update(state=ended, ended_at=now())
    live.publish(f"agent:{change.by_id}", BulkChanged(change_id=change.pk))


def _do(change: BulkChange, item: BulkItem) -> None:
    for action in rights_for(change.steps):
        if not Ticket.objects.visible_to(change.by, action).filter(pk=item.ticket_id).exists():
            item.state, item.reason = Item.SKIPPED, _("You may not do this to it.")
            return
    try:
        with transaction.atomic(), changing(item.ticket) as ticket:
            item.before = _facts(ticket)
            take(ticket, change.steps, Doing(change.by, now(), me=change.by, reason=f"bulk:{change.pk}"))
        item.state, item.seq_after = Item.DONE, ticket.seq
    except (WrongMove, BadStep) as reason:
        item.state, item.reason = Item.SKIPPED, str(reason)


def _undo(change: BulkChange, item: BulkItem) -> None:
    try:
        with transaction.atomic(), changing(item.ticket) as ticket:
            if ticket.seq != item.seq_after:
                raise WrongMove(_("Something happened on it since."))
            _restore(ticket, item.before, change.by, change.pk)
        item.state = Item.UNDONE
    except WrongMove as reason:
        item.state, item.reason = Item.KEPT, str(reason)


def _facts(ticket: Ticket) -> dict[str, Any]:
    return {
        "status": ticket.status_id,
        "priority": ticket.priority,
        "type": ticket.type_id,
        "queue": ticket.queue_id,
        "assignee": ticket.assignee_id,
    }


def _restore(ticket: Ticket, before: dict[str, Any], by: User, change_id: int) -> None:
    """Put back what was, by the same moves, so that clocks, timeline and screens follow; a note stays said."""
    at = now()
    if ticket.status_id != before["status"]:
        move(ticket, TicketStatus.objects.get(pk=before["status"]), by=by, at=at)
    prioritise(ticket, before["priority"], by=by, at=at)
    if ticket.type_id != before["type"]:
        retype(ticket, TicketType.objects.get(pk=before["type"]), by=by, at=at)
    if ticket.queue_id != before["queue"]:
        pass_to_queue(ticket, Queue.objects.get(pk=before["queue"]), by=by, at=at)
    person = User.objects.filter(pk=before["assignee"]).first()
    hand_to(ticket, person, by=by, at=at, told_once_by=f"undone:{change_id}")
