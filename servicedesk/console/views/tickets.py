"""A ticket in a tab of the work area: the ticket page's own parts, in the console."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from crmcore.views.requests import StaffRequest, staff_page
from tickets.models import Ticket
from tickets.queries import ticket_page
from tickets.views.ticket import reading_in, thread_context


@staff_page("ticket")
def tab(request: StaffRequest, pk: int) -> HttpResponse:
    """Header, thread and composer of one ticket."""
    user = request.user
    shown_with = ("status", "type", "queue", "assignee", "account", "contact")
    rows = Ticket.objects.visible_to(user).select_related(*shown_with).defer("search")
    ticket = get_object_or_404(rows, pk=pk)
    reading = reading_in(request, ticket)
    context = {
        "header": ticket_page.header(reading),
        "composer": ticket_page.composer(reading),
        **thread_context(request, ticket, user, reading.parts),
    }
    return render(request, "servicedesk/console/_ticket_tab.html", context)
