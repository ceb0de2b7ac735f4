"""Asking what becomes of what hangs on a ticket before it is ended."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.changing import StaleTicket
from tickets.actions.moves import WrongMove
from tickets.actions.solving import solve_with
from tickets.models import TicketStatus
from tickets.queries.linked import open_incidents, open_parts
from tickets.queries.work_side import open_mandatory
from tickets.views.lookup import found_ticket


@staff_page("ticket", "edit")
def solve(request: StaffRequest, number: str) -> HttpResponse:
    """`/tickets/KW-1/solve/?status=solved`: open parts and incidents, and what to do with them."""
    ticket = found_ticket(request, number, "edit")
    asked = request.POST or request.GET
    status = get_object_or_404(TicketStatus, code=asked.get("status", ""))
    if request.method == "POST":
        seen = asked.get("seen_seq", "")
        try:
            failed = solve_with(
                ticket,
                status,
                by=request.user,
                parts="parts" in asked,
                answer=asked.get("answer", "").strip(),
                incidents="incidents" in asked,
                seen_seq=int(seen) if seen.isdecimal() else None,
            )
        except StaleTicket:
            messages.error(request, _("Something came in that you had not seen. Look, then change it again"))
        except WrongMove as reason:
            messages.error(request, str(reason))
        else:
            if failed:
                messages.warning(request, _("Still open: %(numbers)s.") % {"numbers": ", ".join(failed)})
        return redirect(ticket)
    context = {
        "ticket": ticket,
        "status": status,
        "parts": open_parts(ticket, request.user),
        "todos": open_mandatory(ticket),
        "incidents": open_incidents(ticket, request.user),
    }
    return render(request, "tickets/solve.html", context)
