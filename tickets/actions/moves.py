"""Single changes of a ticket that is locked already; whoever locked it saves it and tells the screens."""

from datetime import datetime

from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.models import Queue, User
from tickets.actions import sla
from tickets.actions.entries import append_event, names
from tickets.models import Category, Priority, Ticket, TicketStatus, TicketType


class WrongMove(Exception):
    """A change that the ticket's present state forbids, with a sentence that says why."""


def move(ticket: Ticket, status: TicketStatus, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Move to another status; its category steers the clocks. Raises WrongMove out of a closed ticket."""
    before = ticket.status
    if status == before:
        return
    if before.category == Category.CLOSED and status.category != Category.VOID:
        raise WrongMove(_("A closed ticket stays closed. Open a new one that follows it."))
    entry = append_event(
        ticket,
        "status",
        by=by,
        at=at,
        was=names(before),
        now=names(status),
        category=status.category,
        reason=reason,
    )
    ticket.status = status
    if status.is_active and not before.is_active:
        ticket.reopened_count += 1
        ticket.solved_at = ticket.closed_at = None
    if status.category == Category.SOLVED:
        ticket.solved_at = at
    if status.category == Category.CLOSED:
        ticket.closed_at, ticket.solved_at = at, ticket.solved_at or at
    if status.category in (Category.WAITING_CUSTOMER, Category.SOLVED):
        ticket.waiting_on = Ticket.WaitingOn.CUSTOMER
    sla.status_changed(ticket, before.category, at, entry)
    audit.record("ticket.status_set", ticket, by=by, detail={"from": before.code, "to": status.code, "reason": reason})


def pass_to_queue(ticket: Ticket, queue: Queue, *, by: User | None, at: datetime) -> None:
    """Let another queue take care of it, by its hours and promises."""
    if queue == ticket.queue:
        return
    append_event(ticket, "queue", by=by, at=at, was=names(ticket.queue), now=names(queue))
    ticket.queue = queue
    sla.queue_changed(ticket, at)
    audit.record("ticket.moved", ticket, by=by, detail={"queue": queue.code})


def hand_to(ticket: Ticket, to: User | None, *, by: User | None, at: datetime) -> None:
    """Put a person in charge, or nobody."""
    if to == ticket.assignee:
        return
    append_event(ticket, "assignee", by=by, at=at, now=names(to) if to else None, taken=to is not None and to == by)
    ticket.assignee = to
    audit.record("ticket.assigned", ticket, by=by, detail={"to": to.pk if to else None})


def prioritise(ticket: Ticket, priority: str, *, by: User | None, at: datetime) -> None:
    """Set how urgent it is; the clocks keep what they counted and get the targets of the new priority."""
    if priority == ticket.priority:
        return
    append_event(ticket, "priority", by=by, at=at, was=ticket.priority, now=Priority(priority))
    audit.record("ticket.priority_set", ticket, by=by, detail={"from": ticket.priority, "to": priority})
    ticket.priority = Priority(priority)


def retype(ticket: Ticket, type: TicketType, *, by: User | None, at: datetime) -> None:  # noqa: A002  the field's own name
    """Say that it is a ticket of another type; the clocks get that type's targets."""
    if type == ticket.type:
        return
    append_event(ticket, "type", by=by, at=at, was=names(ticket.type), now=names(type))
    ticket.type = type
