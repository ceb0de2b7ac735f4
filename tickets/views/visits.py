"""The phone of whoever drives out: today's visits, one visit, and what is sent from there; all of it comes twice."""

import uuid
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore.clock import now
from crmcore.firm_rights import VISITS
from crmcore.money import to_minor
from crmcore.permissions import may, may_operate, require
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest
from tickets.actions.field_work import decline, fail, finish, go_on, set_check
from tickets.actions.files import FileRefused
from tickets.actions.moves import WrongMove
from tickets.actions.visit_records import add_cost, add_photo, remove_cost, sign
from tickets.mail.file_kinds import LARGEST_BYTES
from tickets.models import DispatchCost, DispatchOrder, FailureReason
from tickets.queries.dispatch import orders_seen_by, workday_of
from tickets.queries.dispatch_files import visit_file
from tickets.views.files import handed_out
from tickets.visit_forms import CostForm, uuid_in

Change = Callable[[StaffRequest, DispatchOrder], object]


def visit_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in whoever works on visits: staff and the people of outside firms, never customers."""

    @login_required
    @wraps(view)
    def guarded(request: StaffRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.user.is_portal:
            raise PermissionDenied("dispatch")
        require(request.user, "dispatch", "view" if request.user.is_partner else "edit")
        return view(request, *args, **kwargs)

    return guarded


def _sent(change: Change) -> Callable[..., HttpResponse]:
    """A form of the visit's page; answered with the page, and with 409 and the reason where it was refused."""

    @require_POST
    @visit_page
    @wraps(change)
    def view(request: StaffRequest, number: str) -> HttpResponse:
        found = _found(request, number, "edit")
        try:
            change(request, found)
        except (WrongMove, FileRefused) as reason:
            return render(request, "tickets/field/order.html", _context(request, number, str(reason)), status=409)
        return redirect("field:order", number)

    return view


@require_GET
@visit_page
def today(request: StaffRequest) -> HttpResponse:
    """`/field/`: today's visits, those without a time, and the next days'."""
    context = {"workday": workday_of(request.user, now()), "may_plan": may(request.user, "dispatch", "assign")}
    return render(request, "tickets/field/today.html", context)


@require_GET
@visit_page
def order(request: StaffRequest, number: str) -> HttpResponse:
    """`/field/D-1001/`: one visit on a phone."""
    return render(request, "tickets/field/order.html", _context(request, number))


@require_GET
@visit_page
def head(request: StaffRequest, number: str) -> HttpResponse:
    """The part that changes when the office moves the visit."""
    return render(request, "tickets/field/_head.html", _context(request, number))


@require_GET
@login_required
def file(request: StaffRequest, public_id: uuid.UUID) -> HttpResponse:
    """A photo or signature, to be shown as a picture or saved, never opened as a page of ours."""
    found = visit_file(public_id, request.user)
    if found is None:
        raise Http404(str(public_id))
    return handed_out(found)


@_sent
def step(request: StaffRequest, order: DispatchOrder) -> None:
    go_on(order, request.POST.get("to", ""), by=request.user)


@_sent
def decline_order(request: StaffRequest, order: DispatchOrder) -> None:
    decline(order, by=request.user, reason=request.POST.get("reason", ""))


@_sent
def check(request: StaffRequest, order: DispatchOrder) -> None:
    place = request.POST.get("place", "")
    set_check(order, int(place) if place.isdecimal() else -1, by=request.user, done=request.POST.get("done") == "1")


@_sent
def photos(request: StaffRequest, order: DispatchOrder) -> None:
    for sent in request.FILES.getlist("files"):
        add_photo(order, by=request.user, name=sent.name or "", data=bytes(sent.read(LARGEST_BYTES + 1)))


@_sent
def signature(request: StaffRequest, order: DispatchOrder) -> None:
    sent = request.FILES.get("signature")
    if sent is None:
        raise WrongMove(_("Nothing was drawn."))
    sign(order, by=request.user, data=bytes(sent.read(LARGEST_BYTES + 1)))


@_sent
def costs(request: StaffRequest, order: DispatchOrder) -> None:
    if removed := uuid_in(request.POST.get("remove", "")):
        remove_cost(order, removed, by=request.user)
        return
    form = CostForm(request.POST)
    key = uuid_in(request.POST.get("key", ""))
    if not form.is_valid() or key is None:
        raise WrongMove(_("Write what it was, how many, and the price of one."))
    facts = dict(form.cleaned_data)
    price = to_minor(facts.pop("price"), order.currency)
    add_cost(order, key, by=request.user, unit_minor=price, **facts)


@_sent
def done(request: StaffRequest, order: DispatchOrder) -> None:
    signed_by = request.POST.get("signed_by", "")
    finish(order, by=request.user, result=request.POST.get("result", ""), signed_by=signed_by)
    messages.success(request, _("Done and written down"))


@_sent
def failed(request: StaffRequest, order: DispatchOrder) -> None:
    key = request.POST.get("failure", "")
    failure = FailureReason.objects.filter(pk=int(key) if key.isdecimal() else 0, is_active=True).first()
    if failure is None:
        raise WrongMove(_("Say why."))
    fail(order, by=request.user, failure=failure, words=request.POST.get("words", ""))


def _found(request: StaffRequest, number: str, action: str = "view") -> DispatchOrder:
    found = get_object_or_404(orders_seen_by(request.user), number=number)
    if action != "view" and not reaches(request.user, action, found):
        raise PermissionDenied(number)
    return found


def _context(request: StaffRequest, number: str, problem: str = "") -> dict[str, object]:
    found = _found(request, number)
    files = list(found.files.all())
    lines = list(found.costs.all())
    return {
        "order": found,
        "warranty": found.ticket.product.warranty_at(found.ticket.opened_at) if found.ticket.product else None,
        "photos": [one for one in files if one.kind == "photo"],
        "signature": next((one for one in files if one.kind == "signature"), None),
        "costs": lines,
        "total": sum(line.total_minor for line in lines),
        "cost_kinds": DispatchCost.Kind.choices,
        "failures": FailureReason.objects.filter(is_active=True),
        "key": uuid.uuid4(),
        "problem": problem,
        "can": {one.code: may_operate(request.user, VISITS.key(one)) for one in VISITS.operations},
        "may_plan": may(request.user, "dispatch", "assign"),
    }
