"""A customer's product with the tickets about it, and the choice of one in the side of a ticket."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from crmcore.clock import now
from crmcore.models import InstalledProduct
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, staff_page, wants_fragment
from tickets.actions.moves import WrongMove
from tickets.actions.products import set_product
from tickets.models import FieldTerms
from tickets.queries import ticket_page
from tickets.queries.products import repairs_of
from tickets.views.lookup import found_ticket
from tickets.views.ticket import reading_in


@require_GET
@staff_page("account")
def product(request: StaffRequest, pk: int) -> HttpResponse:
    """`/crm/products/7/`: what it is, whether the warranty holds, and what was reported about it."""
    rows = InstalledProduct.objects.visible_to(request.user).select_related("product", "account", "estate__region")
    installed = get_object_or_404(rows, pk=pk)
    days = FieldTerms.current().repeat_days
    repairs = repairs_of(installed, request.user, days)
    context = {
        "installed": installed,
        "warranty": installed.warranty_at(now()),
        "repairs": repairs,
        "days": days,
        "repeats": sum(repair.is_repeat for repair in repairs),
        "may_edit": reaches(request.user, "edit", installed),
    }
    return render(request, "tickets/product.html", context)


@require_POST
@staff_page("ticket", "edit")
def choose(request: StaffRequest, number: str) -> HttpResponse:
    """Say which product a ticket is about; answered with the side."""
    found, key = found_ticket(request, number, "edit"), request.POST.get("product", "")
    rows = InstalledProduct.objects.visible_to(request.user)
    try:
        set_product(found, get_object_or_404(rows, pk=key) if key.isdecimal() else None, by=request.user)
    except WrongMove as reason:
        messages.error(request, str(reason))
    if not wants_fragment(request):
        return redirect(found)
    side = ticket_page.side(reading_in(request, found_ticket(request, number)))
    return render(request, "tickets/_side.html", {"side": side})
