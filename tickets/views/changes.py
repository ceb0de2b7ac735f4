"""Status, person in charge, priority: small forms in the head of a ticket."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from crmcore.models import Queue, User
from crmcore.views.requests import StaffRequest, staff_page, wants_fragment
from tickets.actions import lifecycle
from tickets.actions.changing import StaleTicket
from tickets.actions.moves import WrongMove
from tickets.actions.replies import waive_reply
from tickets.models import Priority, Ticket, TicketStatus
from tickets.queries.linked import must_ask
from tickets.queries.ticket_page import header
from tickets.views.lookup import found_ticket, lead_to, solving_page
from tickets.views.ticket import reading_in


class MustAsk(Exception):
    """The change waits for an answer that is given on another page."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


Change = Callable[[StaffRequest, Ticket, User, int | None], object]


def change_form(action: str) -> Callable[[Change], Callable[..., HttpResponse]]:
    """A posted change of one ticket, answered with its head as it then stands."""

    def make(change: Change) -> Callable[..., HttpResponse]:
        @require_POST
        @staff_page("ticket", action)
        @wraps(change)
        def view(request: StaffRequest, number: str) -> HttpResponse:
            found, user = found_ticket(request, number, action), request.user
            seen = request.POST.get("seen_seq", "")
            is_stale = False
            try:
                change(request, found, user, int(seen) if seen.isdecimal() else None)
            except StaleTicket:
                is_stale = True
            except MustAsk as question:
                return lead_to(request, question.address)
            except WrongMove as reason:
                messages.error(request, str(reason))
            return _answer(request, number, is_stale=is_stale)

        return view

    return make


@change_form("edit")
def status(request: StaffRequest, ticket: Ticket, user: User, seen: int | None) -> None:
    chosen = get_object_or_404(TicketStatus, code=request.POST.get("status", ""))
    if must_ask(ticket, user, chosen.category):
        raise MustAsk(solving_page(ticket, chosen))
    lifecycle.set_status(ticket, chosen, by=user, reason=request.POST.get("reason", ""), seen_seq=seen)


@change_form("assign")
def assign(request: StaffRequest, ticket: Ticket, user: User, seen: int | None) -> None:
    person, queue = request.POST.get("person", ""), request.POST.get("queue", "")
    staff, queues = User.objects.filter(kind=User.Kind.STAFF, is_active=True), Queue.objects.filter(is_active=True)
    to = get_object_or_404(staff, pk=_key(person)) if person else None
    into = get_object_or_404(queues, pk=_key(queue)) if queue else None
    lifecycle.assign_ticket(ticket, to=to, queue=into, by=user, seen_seq=seen)


@change_form("edit")
def priority(request: StaffRequest, ticket: Ticket, user: User, seen: int | None) -> None:
    chosen = request.POST.get("priority", "")
    if chosen in Priority.values:
        lifecycle.set_priority(ticket, chosen, by=user, seen_seq=seen)


@change_form("edit")
def waive(request: StaffRequest, ticket: Ticket, user: User, seen: int | None) -> None:
    waive_reply(ticket, by=user)


@require_POST
@staff_page("ticket", "edit")
def reopen(request: StaffRequest, number: str) -> HttpResponse:
    """Take the ticket up again, or move on to the one that follows it."""
    found = found_ticket(request, number, "edit")
    try:
        return redirect(lifecycle.reopen_ticket(found, by=request.user))
    except WrongMove as reason:
        messages.error(request, str(reason))
        return redirect(found)


def _key(text: str) -> int:
    """A row's key from a form; what is no number names no row."""
    return int(text) if text.isdecimal() else 0


def _answer(request: StaffRequest, number: str, *, is_stale: bool) -> HttpResponse:
    ticket = Ticket.objects.visible_to(request.user).filter(number=number).first()
    if ticket is None:
        return redirect("tickets:list")
    if not wants_fragment(request):
        return redirect(ticket)
    found = found_ticket(request, number)
    context = {"header": header(reading_in(request, found), is_stale=is_stale)}
    return render(request, "tickets/_ticket_header.html", context)
