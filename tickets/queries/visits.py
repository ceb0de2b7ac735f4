"""The return visits of a ticket."""

from django.db.models import F

from tickets.models import Ticket, Visit

SHOWN = 5


def return_visits_of(ticket: Ticket) -> list[Visit]:
    """The latest, the next first; whoever sees the ticket sees that they are planned."""
    rows = ticket.return_visits.select_related("theme").order_by(F("ended_at").desc(nulls_first=True), "due_by", "pk")
    return list(rows[:SHOWN])
