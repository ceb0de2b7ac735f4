"""A product by its serial number: model, purchase and warranty, and the firm's own visits to it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crmcore.clock import now
from crmcore.firm_rights import PRODUCTS
from servicedesk.partners.frame import PartnerRequest, partner_page
from tickets.queries.firm_work import products_by_serial, visits_to_product


@require_GET
@partner_page(PRODUCTS.see)
def products(request: PartnerRequest) -> HttpResponse:
    """`/partner/products/?serial=`: exactly this number, and nothing of the customer."""
    typed = request.GET.get("serial", "").strip()
    found = [
        {"product": one, "warranty": one.warranty_at(now()), "visits": visits_to_product(one, request.user)}
        for one in products_by_serial(typed, request.user)
    ]
    return render(request, "servicedesk/partners/products.html", {"typed": typed, "found": found})
