"""Ending a ticket together with what hangs on it: its parts, and the tickets that it has caused."""

from crmcore.models import User
from tickets.actions.lifecycle import set_status
from tickets.actions.moves import WrongMove
from tickets.actions.replies import reply
from tickets.models import Category, Ticket, TicketStatus
from tickets.queries.linked import open_incidents, open_parts
from tickets.queries.wording import status_in


def solve_with(
    ticket: Ticket,
    status: TicketStatus,
    *,
    by: User,
    parts: bool = False,
    answer: str = "",
    incidents: bool = False,
    seen_seq: int | None = None,
) -> list[str]:
    """End the ticket; with it its open parts, and answer and solve its incidents, as asked.

    Each ticket stands for itself: the numbers of those that could not follow are returned. Raises as `set_status`.
    """
    set_status(ticket, status, by=by, seen_seq=seen_seq)
    failed = []
    for part in open_parts(ticket, by) if parts else ():
        failed += _ended(part, by)
    for incident in open_incidents(ticket, by) if answer or incidents else ():
        if answer:
            reply(incident, by=by, body=answer)
        failed += _ended(incident, by) if incidents else []
    return failed


def _ended(ticket: Ticket, by: User) -> list[str]:
    try:
        set_status(ticket, status_in(Category.SOLVED), by=by)
    except WrongMove:
        return [ticket.number]
    return []
