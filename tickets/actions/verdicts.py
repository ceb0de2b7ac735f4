"""What only the customer can say of a request: it works, it does not, it is not needed any more."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import Contact, User
from tickets.actions import sla
from tickets.actions.changing import changing, lock
from tickets.actions.entries import Channel, Direction, append_event
from tickets.actions.interactions import log_interaction
from tickets.actions.moves import WrongMove, move
from tickets.actions.stage_visits import drop_stages
from tickets.models import Category, Interaction, Ticket
from tickets.queries.wording import status_in


def confirm_solution(ticket: Ticket, *, by: User | None, was_solved: bool) -> Ticket:
    """The customer says that it works; said twice it is said once.

    `was_solved` is how the page showed the request. Raises WrongMove where it stands otherwise by now.
    """
    with changing(ticket) as ticket:
        if ticket.confirmed_at is not None:
            return ticket
        _refuse_finished(ticket)
        if ticket.status.is_active == was_solved:
            raise WrongMove(_("This request has moved on since you opened the page. Please look again, then decide."))
        if ticket.status.is_active and ticket.stage:
            raise WrongMove(_("Good to hear. We finish our last steps and then ask you to confirm."))
        at = now()
        if ticket.status.is_active:
            move(ticket, status_in(Category.SOLVED), by=by, at=at)
        ticket.confirmed_at = at
        append_event(ticket, "confirmed", by=by, at=at)
        audit.record("ticket.confirmed", ticket, by=by)
    return ticket


@transaction.atomic
def contest_solution(
    ticket: Ticket, *, by: User | None, contact: Contact | None, reason: str, reference: str
) -> Interaction:
    """The customer says why it is not solved; the entry stands on the ticket that goes on with it.

    The same `reference` again is the same entry.
    """
    before = lock(ticket)
    said_before = bool(reference) and Interaction.objects.filter(reference=reference, by=by).exists()
    # What is said of a solution comes after it, in the same instant too.
    at = max(now(), before.solved_at + timedelta(microseconds=1)) if before.solved_at else now()
    entry = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=contact,
        channel=Channel.PORTAL,
        direction=Direction.IN,
        body=reason,
        is_public=True,
        by=by,
        occurred_at=at,
        reference=reference,
    )
    if before.status.category in (Category.SOLVED, Category.CLOSED) and not said_before and entry.ticket is not None:
        with changing(entry.ticket) as going_on:
            append_event(going_on, "contested", by=by, at=at)
            audit.record("ticket.contested", going_on, by=by)
    return entry


def withdraw_request(ticket: Ticket, *, by: User | None, reason: str = "") -> Ticket:
    """The customer needs it no more: nothing is owed, the request is over. Raises WrongMove once it is solved."""
    with changing(ticket) as ticket:
        if ticket.withdrawn_at is not None:
            return ticket
        _refuse_finished(ticket)
        if not ticket.status.is_active:
            raise WrongMove(_("This request is solved already. Please confirm it, or tell us what is still wrong."))
        at = now()
        drop_stages(ticket, by=by, at=at)
        sla.reply_waived(ticket, at)
        sla.promise_withdrawn(ticket, at)
        move(ticket, status_in(Category.CLOSED), by=by, at=at)
        ticket.withdrawn_at = at
        append_event(ticket, "called_off", by=by, at=at, reason=reason)
        audit.record("ticket.called_off", ticket, by=by)
    return ticket


def _refuse_finished(ticket: Ticket) -> None:
    if ticket.status.category in (Category.CLOSED, Category.VOID):
        raise WrongMove(_("This request is finished. Write to us if something comes up again."))
