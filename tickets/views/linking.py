"""Linking a ticket to another one, and untying them."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.linking import link_tickets, unlink_tickets
from tickets.actions.moves import WrongMove
from tickets.models import TicketLink
from tickets.queries.linked import others_for
from tickets.views.lookup import found_ticket


@staff_page("ticket", "edit")
def link(request: StaffRequest, number: str) -> HttpResponse:
    """`/tickets/KW-1/link/`: which ticket, and how the two have to do with one another."""
    ticket = found_ticket(request, number, "edit")
    if request.method == "POST":
        kind, _colon, side = request.POST.get("kind", "").partition(":")
        if kind not in TicketLink.Kind.values:
            return redirect(request.path)
        other = found_ticket(request, request.POST.get("other", "").strip(), "edit" if side else "view")
        source, target = (other, ticket) if side else (ticket, other)
        try:
            link_tickets(source, kind, target, by=request.user)
        except WrongMove as reason:
            messages.error(request, str(reason))
            return redirect(request.path)
        return redirect(ticket)
    words = request.GET.get("q", "").strip()
    context = {"ticket": ticket, "words": words, "found": others_for(ticket, request.user, words), "kinds": _kinds()}
    return render(request, "tickets/link.html", context)


@require_POST
@staff_page("ticket", "edit")
def unlink(request: StaffRequest, number: str, link_id: int) -> HttpResponse:
    ticket = found_ticket(request, number, "edit")
    unlink_tickets(get_object_or_404(TicketLink, pk=link_id, source=ticket), by=request.user)
    return redirect(ticket)


def _kinds() -> list[tuple[str, object]]:
    """Every relation from either side; those that read the same from both once."""
    kinds: list[tuple[str, object]] = []
    for kind in TicketLink.Kind:
        kinds.append((kind.value, kind.label))
        if TicketLink.REVERSED[kind] != kind.label:
            kinds.append((f"{kind.value}:other", TicketLink.REVERSED[kind]))
    return kinds
