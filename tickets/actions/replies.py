"""Written words on a ticket: replies to the customer, internal notes, the customer's own messages."""

from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import Contact, User
from tickets.actions import sla
from tickets.actions.changing import changing
from tickets.actions.drafts import save_draft
from tickets.actions.entries import Channel, Direction, append_event
from tickets.actions.files import send_along
from tickets.actions.interactions import log_interaction
from tickets.models import Interaction, Ticket
from tickets.queries.ticket_page import draft_key


def reply(ticket: Ticket, *, by: User, body: str, seen_seq: int | None = None) -> Interaction:
    """Answer the customer. Raises StaleTicket when something came in that `by` has not seen."""
    entry = _write(
        ticket,
        by=by,
        body=body,
        seen_seq=seen_seq,
        channel=Channel.PORTAL,
        direction=Direction.OUT,
        is_public=True,
    )
    save_draft(by, draft_key(ticket), "")
    return entry


def add_note(ticket: Ticket, *, by: User, body: str, seen_seq: int | None = None) -> Interaction:
    """Leave an internal note, which customers never see and no clock counts."""
    entry = _write(
        ticket,
        by=by,
        body=body,
        seen_seq=seen_seq,
        channel=Channel.NOTE,
        direction=Direction.INTERNAL,
        is_public=False,
    )
    save_draft(by, draft_key(ticket), "")
    return entry


def customer_reply(ticket: Ticket, *, by_contact: Contact, body: str) -> Interaction:
    """The customer writes on the portal; the entry stands on the ticket that it reopened or began."""
    return log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=by_contact,
        channel=Channel.PORTAL,
        direction=Direction.IN,
        body=body,
        is_public=True,
        by=by_contact.users.filter(is_active=True).first(),
    )


def reply_lost(entry: Interaction) -> None:
    """A reply did not reach the customer: while nothing followed it, an answer is owed again from now on."""
    if entry.ticket is None:
        return
    with changing(entry.ticket) as ticket:
        at = now()
        said = ticket.interactions.filter(seq__gt=entry.seq, is_public=True).exists()
        append_event(ticket, "undelivered", by=None, at=at, channel=entry.channel)
        audit.record("ticket.reply_lost", ticket, by=None, detail={"interaction": entry.pk})
        if not said and ticket.is_active:
            ticket.waiting_on = Ticket.WaitingOn.US
            sla.customer_made_contact(ticket, at, entry)


def waive_reply(ticket: Ticket, *, by: User) -> Ticket:
    """Say that the customer's last words, a thank-you perhaps, need no reply."""
    with changing(ticket, by=by) as ticket:
        at = now()
        if sla.reply_waived(ticket, at):
            ticket.waiting_on = Ticket.WaitingOn.CUSTOMER
            append_event(ticket, "waived", by=by, at=at)
            audit.record("ticket.reply_waived", ticket, by=by)
    return ticket


@transaction.atomic
def _write(
    ticket: Ticket,
    *,
    by: User,
    body: str,
    seen_seq: int | None,
    channel: str,
    direction: str,
    is_public: bool,
) -> Interaction:
    entry = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=ticket.contact,
        channel=channel,
        direction=direction,
        body=body,
        is_public=is_public,
        by=by,
        seen_seq=seen_seq,
    )
    send_along(entry, by=by)
    return entry
