"""The ticket that an address names, for whoever may see it, and leading on from a form."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode

from crmcore.queries.rights import require_reach
from crmcore.views.requests import StaffRequest, wants_fragment
from tickets.models import Ticket, TicketStatus


def found_ticket(request: StaffRequest, number: str, action: str = "view") -> Ticket:
    """The ticket if the reader may see it (else 404) and may do `action` on it (else 403)."""
    rows = Ticket.objects.visible_to(request.user).defer("search")
    shown_with = ("status", "type", "queue", "assignee", "account", "contact", "follow_up_of")
    ticket = get_object_or_404(rows.select_related(*shown_with), number=number)
    if action != "view":
        require_reach(request.user, action, ticket)
    return ticket


def lead_to(request: StaffRequest, address: str) -> HttpResponse:
    """Another page, also for whoever asked for a fragment."""
    return HttpResponse(headers={"HX-Redirect": address}) if wants_fragment(request) else redirect(address)


def solving_page(ticket: Ticket, status: TicketStatus) -> str:
    """Where somebody is asked what becomes of what hangs on a ticket."""
    return f"{reverse('tickets:solve', args=[ticket.number])}?{urlencode({'status': status.code})}"
