"""Where a locked ticket lies: its queue, its person, its priority. Whoever locked it saves it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from crmcore.actions import audit
from crmcore.actions.notices import notify
from crmcore.models import NoticeKind, Queue, User
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


def hand_to(ticket: Ticket, to: User | None, *, by: User | None, at: datetime, told_once_by: str = "") -> None:
    """Put a person in charge, or nobody. `told_once_by` names a reason for many: only the first of them is told."""
    if to == ticket.assignee:
        return
    ticket.assignee = to
    entry = append_event(
        ticket, "assignee", by=by, at=at, now=names(to) if to else None, taken=to is not None and to == by
    )
    tell_assignee(ticket, by=by, key=told_once_by or f"assigned:{entry.pk}")
    audit.record("ticket.assigned", ticket, by=by, detail={"to": to.pk if to else None})


def tell_assignee(ticket: Ticket, *, by: User | None, key: str) -> None:
    """Say to whoever is in charge that they are, unless they took it themselves."""
    if ticket.assignee is None or ticket.assignee == by:
        return
    facts = {"number": ticket.number, "subject": ticket.subject}
    text = _("%(number)s is yours: %(subject)s")
    notify(ticket.assignee, NoticeKind.ASSIGNED, text, url=ticket.get_absolute_url(), facts=facts, key=key)


def prioritise(ticket: Ticket, priority: str, *, by: User | None, at: datetime) -> None:
    """Set how urgent it is; the clocks keep what they counted and get the targets of the new priority."""
    if priority == ticket.priority:
        return
    append_event(ticket, "priority", by=by, at=at, was=ticket.priority, now=Priority(priority))
    audit.record("ticket.priority_set", ticket, by=by, detail={"from": ticket.priority, "to": priority})
    ticket.priority = Priority(priority)
