"""When somebody comes: the customer chooses, moves and gives back the time of a visit."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crmcore import clock
from servicedesk.portal.frame import customer, customer_page, page
from servicedesk.portal.views.requests import own_request
from tickets.actions.appointments import book, give_back
from tickets.actions.moves import WrongMove
from tickets.actions.visit_requests import ask_for_visit
from tickets.models import DispatchOrder, FieldTerms, Ticket, TicketType
from tickets.queries.slots import by_day, free_slots
from tickets.queries.visit_requests import may_ask_for_visit

LONGEST_WORDS = 1000


@require_http_methods(["GET", "POST"])
@customer_page
def appointment(request: HttpRequest, number: str) -> HttpResponse:
    """`/portal/visits/D-1001/`: free times; posting one takes it, or says that it is gone and shows the next."""
    order = _own(request, number)
    if request.method != "POST":
        return _shown(request, order)
    try:
        book(order, request.POST.get("slot", ""), by=customer(request))
    except WrongMove as refusal:
        return _shown(request, _own(request, number), str(refusal))
    messages.success(request, _("Your appointment is booked"))
    return redirect("portal:request", order.ticket.number)


@require_http_methods(["GET", "POST"])
@customer_page
def ask(request: HttpRequest, number: str) -> HttpResponse:
    """`/portal/requests/KW-1/visit/`: ask for a visit by taking a free time; the same form twice is one visit."""
    ticket = own_request(request, number)
    words = request.POST.get("words", "")[:LONGEST_WORDS]
    if request.method != "POST":
        if not may_ask_for_visit(ticket):
            raise Http404(number)
        return _offered(request, ticket)
    try:
        order = ask_for_visit(ticket, request.POST.get("slot", ""), by=customer(request), words=words)
    except WrongMove as refusal:
        return _offered(request, ticket, str(refusal), words)
    said = _("We have your wish and confirm it soon") if order.awaits_confirmation else _("Your appointment is booked")
    messages.success(request, said)
    return redirect("portal:request", order.ticket.number)


@require_POST
@customer_page
def give_up(request: HttpRequest, number: str) -> HttpResponse:
    """The time does not suit; another one can be chosen later."""
    order = _own(request, number)
    try:
        give_back(order, by=customer(request))
    except WrongMove as refusal:
        return _shown(request, _own(request, number), str(refusal))
    messages.success(request, _("Your appointment is cancelled"))
    return redirect("portal:request", order.ticket.number)


def _own(request: HttpRequest, number: str) -> DispatchOrder:
    rows = DispatchOrder.objects.visible_to(customer(request)).select_related("ticket__queue", "technician", "firm")
    order = rows.filter(number=number).exclude(state=DispatchOrder.State.CANCELLED).first()
    if order is None or not FieldTerms.current().customers_book:
        raise Http404(number)
    return order


def _offered(request: HttpRequest, ticket: Ticket, problem: str = "", words: str = "") -> HttpResponse:
    days = by_day(free_slots(ticket.queue, clock.now())) if may_ask_for_visit(ticket) else {}
    waits = ticket.type.visit_booking == TicketType.Booking.ASKS
    context = {"ticket": ticket, "days": list(days.items()), "problem": problem, "words": words, "waits": waits}
    context |= {"section": "requests", "longest": LONGEST_WORDS}
    return page(request, "visit_ask.html", context, status=409 if problem else 200)


def _shown(request: HttpRequest, order: DispatchOrder, problem: str = "") -> HttpResponse:
    is_movable = order.state in DispatchOrder.MOVABLE and not order.firm_id
    days = by_day(free_slots(order.ticket.queue, clock.now())) if is_movable else {}
    context = {"order": order, "ticket": order.ticket, "days": list(days.items()), "problem": problem}
    context |= {"is_movable": is_movable, "section": "requests"}
    return page(request, "appointment.html", context, status=409 if problem else 200)
