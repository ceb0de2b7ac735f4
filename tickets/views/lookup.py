"""The ticket that an address names, for whoever may see it."""

from django.shortcuts import get_object_or_404

from crmcore.queries.rights import require_reach
from crmcore.views.requests import StaffRequest
from tickets.models import Ticket


def found_ticket(request: StaffRequest, number: str, action: str = "view") -> Ticket:
    """The ticket if the reader may see it (else 404) and may do `action` on it (else 403)."""
    rows = Ticket.objects.visible_to(request.user).defer("search")
    shown_with = ("status", "type", "queue", "assignee", "account", "contact", "follow_up_of")
    ticket = get_object_or_404(rows.select_related(*shown_with), number=number)
    if action != "view":
        require_reach(request.user, action, ticket)
    return ticket
