"""What people of outside firms do on the tickets for which their firm drives out; each needs its own permission."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmcore.actions.notices import notify
from crmcore.models import NoticeKind, User
from crmcore.permissions import require_operation
from crmcore.queries.rights import reaches, require_reach
from tickets.actions.changing import lock
from tickets.actions.entries import Channel, Direction
from tickets.actions.files import enclose
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import resolve_ticket, set_status
from tickets.actions.moves import WrongMove
from tickets.mail.mime import MailFile
from tickets.models import Interaction, Ticket, TicketStatus
from tickets.queries.firm_work import statuses_for_firms

EXCERPT = 120


@transaction.atomic
def write_to_desk(
    ticket: Ticket, *, by: User, body: str, files: Sequence[MailFile] = (), once: str = ""
) -> Interaction:
    """Leave an internal note with files; the same `once` is the same note. Whoever is in charge is told.

    Raises WrongMove where nothing is said, PermissionDenied.
    """
    _require(ticket, by)
    if body.strip():
        require_operation(by, "tickets.comment")
    if files:
        require_operation(by, "tickets.files")
    if not body.strip() and not files:
        raise WrongMove(_("Write a few words first"))
    # Of the same form sent twice at once the second waits here, and finds what the first one wrote.
    lock(ticket)
    known = Interaction.objects.filter(reference=once, by=by).first() if once else None
    if known is not None:
        return known
    entry = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=ticket.contact,
        channel=Channel.NOTE,
        direction=Direction.INTERNAL,
        body=body.strip(),
        is_public=False,
        by=by,
        reference=once,
    )
    enclose(entry, files)
    _tell_assignee(entry, by)
    return entry


def change_status(ticket: Ticket, status: TicketStatus, *, by: User) -> Ticket:
    """Move to a status that is left to firms. Raises WrongMove, PermissionDenied."""
    _require(ticket, by)
    require_operation(by, "tickets.status")
    if status not in statuses_for_firms() or not ticket.is_active:
        raise WrongMove(_("This step is not possible any more."))
    return set_status(ticket, status, by=by)


def solve(ticket: Ticket, *, by: User) -> Ticket:
    """Say that it is solved; again is no change. Raises WrongMove, PermissionDenied."""
    _require(ticket, by)
    require_operation(by, "tickets.solve")
    return resolve_ticket(ticket, by=by)


def _require(ticket: Ticket, by: User) -> None:
    """Only people of firms come in here: others have ways of their own."""
    if not by.is_partner:
        raise PermissionDenied(ticket.number)
    require_reach(by, "view", ticket)


def _tell_assignee(entry: Interaction, by: User) -> None:
    ticket = entry.ticket
    if ticket is None or ticket.assignee is None or not reaches(ticket.assignee, "view", ticket):
        return
    words = " ".join(entry.body.split())[:EXCERPT]
    facts = {"who": by.name, "firm": by.firm.label if by.firm else "", "number": ticket.number, "words": words}
    text = gettext_lazy("%(who)s, %(firm)s, on %(number)s: %(words)s")
    url = ticket.get_absolute_url()
    notify(ticket.assignee, NoticeKind.WATCHED, text, url=url, facts=facts, key=f"entry:{entry.pk}")
