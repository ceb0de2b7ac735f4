"""The return visits of a ticket, for its side."""

from django import template
from django.db.models import F

from tickets.models import Ticket

register = template.Library()
SHOWN = 5


@register.inclusion_tag("tickets/_return_visits.html")
def return_visits(ticket: Ticket) -> dict[str, object]:
    """The latest visits; whoever sees the ticket sees that they are planned."""
    rows = ticket.return_visits.select_related("theme").order_by(F("ended_at").desc(nulls_first=True), "due_by", "pk")
    return {"ticket": ticket, "visits": list(rows[:SHOWN])}
