"""Single changes of a ticket that is locked already; whoever locked it saves it and tells the screens."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crmcore.actions import audit
from crmcore.models import User
from tickets.actions import sla
from tickets.actions.approvals import drop_approvals
from tickets.actions.entries import append_event, names
from tickets.actions.placing import hand_to as hand_to
from tickets.actions.placing import pass_to_queue as pass_to_queue
from tickets.actions.placing import prioritise as prioritise
from tickets.actions.stage_visits import begin_stages, drop_stages
from tickets.actions.surveys import cancel_surveys
from tickets.actions.visits import cancel_visits
from tickets.models import Category, Ticket, TicketStatus, TicketType
from tickets.queries.approvals import unapproved
from tickets.queries.fields import missing_for_solving


class WrongMove(Exception):
    """A change that the ticket's present state forbids, with a sentence that says why."""


def move(ticket: Ticket, status: TicketStatus, *, by: User | None, at: datetime, reason: str = "") -> None:
    """Move to another status; its category steers the clocks. Raises WrongMove where it may not."""
    before = ticket.status
    if status == before:
        return
    if before.category == Category.CLOSED and status.category != Category.VOID:
        raise WrongMove(_("A closed ticket stays closed. Open a new one that follows it."))
    _refuse_unfinished(ticket, status, by)
    _refuse_unapproved(ticket, status, by)
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
        ticket.solved_at = ticket.closed_at = ticket.confirmed_at = None
    if status.category == Category.VOID or (status.is_active and not before.is_active):
        cancel_surveys(ticket)
        cancel_visits(ticket, at=at)
    if status.category == Category.SOLVED:
        ticket.solved_at = at
    if status.category == Category.CLOSED:
        ticket.closed_at, ticket.solved_at = at, ticket.solved_at or at
    if status.category in (Category.WAITING_CUSTOMER, Category.SOLVED):
        ticket.waiting_on = Ticket.WaitingOn.CUSTOMER
    if status.category == Category.VOID:
        drop_stages(ticket, by=by, at=at)
    if not status.is_active:
        drop_approvals(ticket, by=by, at=at)
    sla.status_changed(ticket, before.category, at, entry)
    audit.record("ticket.status_set", ticket, by=by, detail={"from": before.code, "to": status.code, "reason": reason})


def retype(ticket: Ticket, type: TicketType, *, by: User | None, at: datetime) -> None:  # noqa: A002  the field's own name
    """Say that it is a ticket of another type; the clocks get that type's targets."""
    if type == ticket.type:
        return
    append_event(ticket, "type", by=by, at=at, was=names(ticket.type), now=names(type))
    ticket.type = type
    drop_stages(ticket, by=by, at=at)
    begin_stages(ticket, by=by, at=at)


def _refuse_unfinished(ticket: Ticket, status: TicketStatus, by: User | None) -> None:
    """Nobody ends a ticket amid its stages, and nobody of the desk one that lacks what its type asks for."""
    if status.category not in (Category.SOLVED, Category.CLOSED):
        return
    if ticket.stage:
        raise WrongMove(_("This ticket goes through its stages; the last of them ends it."))
    if not ticket.status.is_active:
        return
    if by is not None and not by.is_portal and (fields := missing_for_solving(ticket)):
        listed = pgettext("between parts", ", ").join(field.label for field in fields)
        raise WrongMove(_("Fill in first: %(fields)s") % {"fields": listed})


def _refuse_unapproved(ticket: Ticket, status: TicketStatus, by: User | None) -> None:
    """What the desk must have approved before it moves a ticket here; customers may always say what they want."""
    if status.approval is None or (by is not None and by.is_portal):
        return
    if unapproved(ticket, [status.approval.code]):
        raise WrongMove(_("An approval must come first: %(plan)s") % {"plan": status.approval.label})
