"""When somebody comes: the customer chooses, moves and gives back the time of a visit."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crmcore import clock
from servicedesk.portal.frame import customer, customer_page, page
from tickets.actions.appointments import book, give_back
from tickets.actions.moves import WrongMove
from tickets.models import DispatchOrder, FieldTerms
from tickets.queries.slots import by_day, free_slots


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


def _shown(request: HttpRequest, order: DispatchOrder, problem: str = "") -> HttpResponse:
    is_movable = order.state in DispatchOrder.MOVABLE and not order.firm_id
    days = by_day(free_slots(order.ticket.queue, clock.now())) if is_movable else {}
    context = {"order": order, "ticket": order.ticket, "days": list(days.items()), "problem": problem}
    context |= {"is_movable": is_movable, "section": "requests"}
    return page(request, "appointment.html", context, status=409 if problem else 200)
