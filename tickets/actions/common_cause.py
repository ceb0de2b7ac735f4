"""Many tickets with one cause: tied to the ticket of the problem."""

from collections.abc import Iterable

from crmcore.models import User
from crmcore.queries.rights import reaches
from tickets.actions.linking import link_tickets
from tickets.actions.moves import WrongMove
from tickets.models import Ticket, TicketLink


def tie_to_problem(tickets: Iterable[Ticket], problem: Ticket, *, by: User) -> tuple[int, int]:
    """How many tickets were tied and how many could not be; tied again they are tied once."""
    tied = left = 0
    for ticket in tickets:
        if ticket == problem or not reaches(by, "edit", ticket):
            left += 1
            continue
        try:
            link_tickets(ticket, TicketLink.Kind.INCIDENT, problem, by=by)
        except WrongMove:
            left += 1
        else:
            tied += 1
    return tied, left
