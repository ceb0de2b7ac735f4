"""Merging two tickets: choose the other one, say which stays, and part them again."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore.clock import now
from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.merging import merge_tickets, undo_merge
from tickets.actions.moves import WrongMove
from tickets.queries.merged import candidates, merged
from tickets.views.lookup import found_ticket


@staff_page("ticket", "edit")
def merge(request: StaffRequest, number: str) -> HttpResponse:
    """`/tickets/KW-1/merge/`: candidates; with `?other=` both side by side; a post merges what does not stay."""
    ticket = found_ticket(request, number, "edit")
    asked = request.POST or request.GET
    other = found_ticket(request, asked["other"].strip(), "edit") if asked.get("other") else None
    if request.method == "POST" and other is not None:
        source, target = (ticket, other) if asked.get("stays") == other.number else (other, ticket)
        try:
            merge_tickets(source, target, by=request.user)
        except WrongMove as reason:
            messages.error(request, str(reason))
            return redirect(f"{request.path}?other={other.number}")
        messages.success(request, _("Merged %(number)s into this ticket.") % {"number": source.number})
        return redirect(target)
    words = request.GET.get("q", "").strip()
    found = [] if other else candidates(ticket, request.user, words)
    context = {"ticket": ticket, "other": other, "words": words, "found": found}
    return render(request, "tickets/merge.html", context)


@require_POST
@staff_page("ticket", "edit")
def part(request: StaffRequest, number: str) -> HttpResponse:
    """Undo the merge that a ticket's head shows: its own into another, else the latest into it."""
    ticket = found_ticket(request, number, "edit")
    shown = merged(ticket, request.user, now())
    latest = shown.into or shown.latest
    if latest is not None:
        try:
            undo_merge(latest, by=request.user)
            messages.success(request, _("Parted again: %(number)s is as it was.") % {"number": latest.source.number})
        except WrongMove as reason:
            messages.error(request, str(reason))
    return redirect(ticket)
