"""A ticket's life: opened, assigned, moved through its statuses, solved, reopened, rated."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit, numbers
from crmcore.clock import now
from crmcore.models import Account, Contact, Queue, User
from tickets.actions import sla
from tickets.actions.changing import changing, finish, saved_views
from tickets.actions.entries import Channel, Direction, append, append_event, index
from tickets.actions.fields import checked_fields, fill_in, require_on_opening
from tickets.actions.moves import WrongMove, hand_to, move, pass_to_queue, prioritise, retype
from tickets.actions.placing import tell_assignee
from tickets.actions.stage_visits import begin_stages, reopen_stages
from tickets.actions.survey_answers import rate
from tickets.actions.todos import begin_list
from tickets.models import Category, Interaction, Priority, Ticket, TicketStatus, TicketType
from tickets.queries.wording import status_in

WRITTEN = frozenset(Ticket.Channel) - {Ticket.Channel.CALL}


@transaction.atomic
def open_ticket(
    *,
    by: User | None,
    subject: str,
    type: TicketType,  # noqa: A002  the field's own name
    queue: Queue,
    account: Account | None,
    contact: Contact | None,
    channel: str,
    priority: str = Priority.NORMAL,
    body: str = "",
    assignee: User | None = None,
    contacted_at: datetime | None = None,
    follow_up_of: Ticket | None = None,
    is_subject_internal: bool = False,
    fields: Mapping[str, object] | None = None,
) -> Ticket:
    """Open a ticket; one that a customer opens, or calls about (`contacted_at`), owes them a first reply.

    `fields`, where given, must hold what the type asks for. Raises BadFields."""
    at = now()
    ticket = Ticket.objects.create(
        number=_number(queue),
        type=type,
        subject=subject,
        is_subject_internal=is_subject_internal,
        status=status_in(Category.NEW),
        priority=priority,
        queue=queue,
        assignee=assignee,
        account=account,
        contact=contact,
        channel=channel,
        created_by=by,
        follow_up_of=follow_up_of,
        opened_at=at,
        last_event_at=at,
        is_demo=queue.is_demo,
    )
    return _begin(ticket, by, body, contacted_at, fields)


def assign_ticket(
    ticket: Ticket,
    *,
    to: User | None,
    queue: Queue | None = None,
    by: User | None,
    seen_seq: int | None = None,
) -> Ticket:
    """Give the ticket to a person, or to nobody, and move it to another queue where one is given."""
    with changing(ticket, seen_seq=seen_seq, by=by) as ticket:
        at = now()
        pass_to_queue(ticket, queue or ticket.queue, by=by, at=at)
        hand_to(ticket, to, by=by, at=at)
    return ticket


def set_status(
    ticket: Ticket, status: TicketStatus, *, by: User | None, reason: str = "", seen_seq: int | None = None
) -> Ticket:
    """Move to another status, see `moves.move`."""
    with changing(ticket, seen_seq=seen_seq, by=by) as ticket:
        at, was_active = now(), ticket.status.is_active
        move(ticket, status, by=by, at=at, reason=reason)
        if status.is_active and not was_active:
            reopen_stages(ticket, by=by, at=at)
    return ticket


def set_priority(ticket: Ticket, priority: str, *, by: User | None, seen_seq: int | None = None) -> Ticket:
    """Set how urgent it is; the clocks keep what they counted and get the targets of the new priority."""
    with changing(ticket, seen_seq=seen_seq, by=by) as ticket:
        prioritise(ticket, priority, by=by, at=now())
    return ticket


def edit_ticket(
    ticket: Ticket,
    *,
    by: User | None,
    subject: str | None = None,
    type: TicketType | None = None,  # noqa: A002  the field's own name
) -> Ticket:
    """Correct what the ticket says it is about."""
    with changing(ticket) as ticket:
        at = now()
        if subject is not None and subject != ticket.subject:
            append_event(ticket, "subject", by=by, at=at, was=ticket.subject, now=subject)
            ticket.subject, ticket.is_subject_internal = subject, False
            index(ticket, {"A": subject})
        retype(ticket, type or ticket.type, by=by, at=at)
        audit.record("ticket.edited", ticket, by=by)
    return ticket


def resolve_ticket(ticket: Ticket, *, by: User | None) -> Ticket:
    """Move to solved; a ticket that is solved or closed already stays as it is."""
    with changing(ticket) as ticket:
        if ticket.status.is_active:
            move(ticket, status_in(Category.SOLVED), by=by, at=now())
    return ticket


def reopen_ticket(ticket: Ticket, *, by: User | None) -> Ticket:
    """Take up a solved ticket again; after its window, or once closed, open and return one that follows."""
    with changing(ticket) as ticket:
        return take_up_again(ticket, by=by, at=now())


def take_up_again(ticket: Ticket, *, by: User | None, at: datetime) -> Ticket:
    """`reopen_ticket` for a ticket that is locked already."""
    if ticket.status.is_active:
        return ticket
    if not ticket.may_be_reopened(at):
        return _follow_up(ticket, by=by, at=at)
    move(ticket, status_in(Category.OPEN), by=by, at=at)
    reopen_stages(ticket, by=by, at=at)
    ticket.waiting_on = Ticket.WaitingOn.US
    return ticket


def rate_ticket(ticket: Ticket, *, by: User | None, score: int, comment: str = "") -> Ticket:
    """The customer's verdict, 1 to 5, on a solved ticket; a later one replaces it. Raises WrongMove."""
    if score not in range(1, 6):
        raise ValueError(score)
    with changing(ticket) as ticket:
        if ticket.status.category not in (Category.SOLVED, Category.CLOSED):
            raise WrongMove(_("Only a solved ticket can be rated."))
        rate(ticket, score, by=by, at=now(), comment=comment)
    return ticket


def _number(queue: Queue) -> str:
    sequence = queue.ticket_numbers
    return numbers.next_number(sequence.key if sequence else "ticket", prefix="T-")


def _begin(
    ticket: Ticket, by: User | None, body: str, contacted_at: datetime | None, fields: Mapping[str, object] | None
) -> Ticket:
    """The first lines of the timeline, the first clocks, and the news of it."""
    at = ticket.opened_at
    index(ticket, {"A": f"{ticket.number} {ticket.subject}"})
    append_event(ticket, "opened", by=by, at=at, channel=ticket.channel)
    if fields is not None:
        fill_in(ticket, checked_fields(ticket, fields), by=by, at=at)
        require_on_opening(ticket, by)
    sla.ticket_opened(ticket, at)
    begin_list(ticket)
    from_customer = by.is_portal if by else ticket.channel in WRITTEN
    first = _first_words(ticket, body, by, from_customer=from_customer) if body else None
    if from_customer or contacted_at:
        sla.customer_made_contact(ticket, contacted_at or at, first)
    begin_stages(ticket, by=by, at=at)
    tell_assignee(ticket, by=by, key=f"opened:{ticket.pk}")
    audit.record("ticket.opened", ticket, by=by, detail={"number": ticket.number, "channel": ticket.channel})
    finish(ticket, None, saved_views())
    return ticket


def _first_words(ticket: Ticket, body: str, by: User | None, *, from_customer: bool) -> Interaction:
    return append(
        ticket,
        channel=ticket.channel if from_customer else Channel.NOTE,
        direction=Direction.IN if from_customer else Direction.INTERNAL,
        by=by,
        occurred_at=ticket.opened_at,
        body=body,
        is_public=from_customer,
    )


def _follow_up(ticket: Ticket, *, by: User | None, at: datetime) -> Ticket:
    assignee = ticket.assignee if ticket.assignee and ticket.assignee.is_active else None
    follow_up = open_ticket(
        by=by,
        subject=ticket.subject,
        is_subject_internal=ticket.is_subject_internal,
        type=ticket.type,
        queue=ticket.queue,
        account=ticket.account,
        contact=ticket.contact,
        channel=ticket.channel,
        priority=ticket.priority,
        assignee=assignee,
        follow_up_of=ticket,
    )
    append_event(ticket, "followed", by=by, at=at, number=follow_up.number)
    return follow_up
