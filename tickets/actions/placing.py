"""Where a locked ticket lies: its queue, its person, its priority. Whoever locked it saves it."""

from datetime import datetime

from crmcore.actions import audit
from crmcore.models import Queue, User
from tickets.actions import sla
from tickets.actions.entries import append_event, names
from tickets.models import Priority, Ticket


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
