"""Tying a ticket to what came of it."""

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import Opportunity, User
from tickets.actions.changing import changing
from tickets.actions.entries import append_event
from tickets.models import Ticket, TicketOpportunity


def link_opportunity(ticket: Ticket, opportunity: Opportunity, *, by: User) -> TicketOpportunity:
    """Note that a sale came out of this ticket; linking twice is linking once."""
    with changing(ticket) as ticket:
        link, created = TicketOpportunity.objects.get_or_create(
            ticket=ticket, opportunity=opportunity, defaults={"created_by": by, "created_at": now()}
        )
        if created:
            append_event(ticket, "opportunity", by=by, at=link.created_at, name=opportunity.name)
            audit.record("ticket.opportunity_linked", ticket, by=by, detail={"opportunity": opportunity.pk})
    return link
