"""The office that sends people out: ordering a visit, finding it a time and somebody, calling it off."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.clock import now
from crmcore.models import Firm, User
from crmcore.queries.rights import require_reach
from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.appointments import book
from tickets.actions.dispatch_moves import Target, move_order
from tickets.actions.dispatching import SlotTaken, Window, cancel_order, give_order, write_order
from tickets.actions.moves import WrongMove
from tickets.actions.visit_requests import confirm_visit
from tickets.models import DispatchOrder, FieldTerms
from tickets.queries.dispatch import order_facts, orders_seen_by
from tickets.queries.dispatch_board import board_of
from tickets.queries.slots import by_day, free_slots, technicians_for
from tickets.views.lookup import found_ticket
from tickets.visit_forms import OrderForm, WindowForm, uuid_in

BOARD = "board"


@require_GET
@staff_page("dispatch", "assign")
def board(request: StaffRequest) -> HttpResponse:
    """`/field/board/?day=2026-11-22`: technicians by their day, and what nobody has yet."""
    day = parse_date(request.GET.get("day", "")) or timezone.localdate(now())
    context = {"board": board_of(request.user, day, now())}
    return render(request, "tickets/field/board.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("dispatch", "create")
def new_order(request: StaffRequest) -> HttpResponse:
    """`/field/new/?ticket=KW-20418`: the form, filled from the ticket; then a time is found."""
    ticket = found_ticket(request, request.GET.get("ticket", ""), "edit")
    once = uuid_in(request.POST.get("once", "")) or uuid.uuid4()
    form = OrderForm(request.POST or None, initial=order_facts(ticket))
    if request.method == "POST" and form.is_valid():
        try:
            order = write_order(ticket, by=request.user, once=once, **form.cleaned_data)
        except WrongMove as reason:
            form.add_error(None, str(reason))
        else:
            return redirect("field:plan", order.number)
    context = {"form": form, "ticket": ticket, "once": once}
    return render(request, "tickets/field/new.html", context, status=422 if form.errors else 200)


@require_GET
@staff_page("dispatch", "assign")
def plan(request: StaffRequest, number: str) -> HttpResponse:
    """Free times to click, or somebody and a time by hand."""
    return _planning(request, _found(request, number))


@require_POST
@staff_page("dispatch", "assign")
def give(request: StaffRequest, number: str) -> HttpResponse:
    """Give the order to a technician or a firm at a time; `who` is `t<user>`, `f<firm>` or empty."""
    order, form = _found(request, number), WindowForm(request.POST)
    technician, firm = _chosen(request.POST.get("who", ""))
    if not form.is_valid():
        return _planning(request, order, _("Write when the visit begins and how long it takes."))
    starts = form.cleaned_data["starts_at"]
    try:
        window = Window(starts, starts + timedelta(minutes=form.cleaned_data["minutes"]))
        give_order(order, by=request.user, technician=technician, firm=firm, window=window)
    except WrongMove as reason:
        return _planning(request, order, str(reason), is_taken=isinstance(reason, SlotTaken))
    messages.success(request, _("Planned"))
    return _left(request, order)


@require_POST
@staff_page("dispatch", "assign")
def move(request: StaffRequest, number: str) -> HttpResponse:
    """Drop an order on the board: `who` as for giving, `at` the moment, `seen` where it was.

    204 when it stands there, else 409 with a sentence.
    """
    order, starts_at = _found(request, number), parse_datetime(request.POST.get("at", ""))
    technician, firm = _chosen(request.POST.get("who", ""))
    if starts_at is None or starts_at.tzinfo is None or (technician is None and firm is None):
        return HttpResponse(status=400)
    try:
        move_order(order, Target(starts_at, technician, firm), seen=request.POST.get("seen", ""), by=request.user)
    except WrongMove as refusal:
        return HttpResponse(str(refusal), status=409, content_type="text/plain; charset=utf-8")
    return HttpResponse(status=204)


@require_POST
@staff_page("dispatch", "assign")
def book_slot(request: StaffRequest, number: str) -> HttpResponse:
    """Take one of the free times."""
    order = _found(request, number)
    try:
        book(order, request.POST.get("slot", ""), by=request.user)
    except WrongMove as reason:
        return _planning(request, order, str(reason), is_taken=isinstance(reason, SlotTaken))
    messages.success(request, _("Planned"))
    return _left(request, order)


@require_POST
@staff_page("dispatch", "assign")
def confirm(request: StaffRequest, number: str) -> HttpResponse:
    """Say yes to the time that a customer chose."""
    order = _found(request, number)
    try:
        confirm_visit(order, by=request.user)
    except WrongMove as reason:
        return _planning(request, order, str(reason))
    messages.success(request, _("The visit is confirmed"))
    return _left(request, order)


@require_POST
@staff_page("dispatch", "assign")
def cancel(request: StaffRequest, number: str) -> HttpResponse:
    order = _found(request, number)
    try:
        cancel_order(order, by=request.user, reason=request.POST.get("reason", ""))
    except WrongMove as reason:
        return _planning(request, order, str(reason))
    return redirect(order.ticket)


def _left(request: StaffRequest, order: DispatchOrder) -> HttpResponse:
    """Back to where the planning began: the board, or the ticket."""
    return redirect("field:board") if request.POST.get("back") == BOARD else redirect(order.ticket)


def _planning(
    request: StaffRequest, order: DispatchOrder, problem: str = "", *, is_taken: bool = False
) -> HttpResponse:
    queue, terms = order.ticket.queue, FieldTerms.current()
    slots = free_slots(queue, now(), notice=False) if order.state in DispatchOrder.MOVABLE else []
    first = timezone.localtime(order.starts_at or now()).replace(second=0, microsecond=0)
    context = {
        "order": order,
        "days": list(by_day(slots).items()),
        "technicians": technicians_for(queue),
        "firms": Firm.objects.filter(is_active=True),
        "window": WindowForm(initial={"starts_at": first, "minutes": _minutes(order) or terms.slot_minutes}),
        "problem": problem,
        "back": BOARD if BOARD in (request.GET.get("back"), request.POST.get("back")) else "",
        "is_taken": is_taken,
        "is_movable": order.state in DispatchOrder.MOVABLE,
    }
    return render(request, "tickets/field/plan.html", context, status=409 if problem else 200)


def _minutes(order: DispatchOrder) -> int:
    if order.starts_at is None or order.ends_at is None:
        return 0
    return int((order.ends_at - order.starts_at).total_seconds() // 60)


def _found(request: StaffRequest, number: str) -> DispatchOrder:
    rows = orders_seen_by(request.user).select_related("ticket__queue", "technician", "firm", "ticket__status")
    order = get_object_or_404(rows, number=number)
    require_reach(request.user, "assign", order)
    return order


def _chosen(who: str) -> tuple[User | None, Firm | None]:
    kind, key = who[:1], int(who[1:]) if who[1:].isdecimal() else 0
    if kind == "f":
        return None, get_object_or_404(Firm, pk=key, is_active=True)
    return (get_object_or_404(User, pk=key, technician__is_active=True), None) if kind == "t" else (None, None)
