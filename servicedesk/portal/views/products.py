"""What the customer has of us, with its warranty, and who comes to them."""

from django.http import HttpRequest, HttpResponse

from crmcore import clock
from servicedesk.portal.frame import customer, customer_page, page
from servicedesk.portal.own_products import own_products
from tickets.queries.dispatch import coming_visits


@customer_page
def products(request: HttpRequest) -> HttpResponse:
    """`/portal/products/`: products with a way to report a fault, and the visits that are to come."""
    user, moment = customer(request), clock.now()
    context = {
        "section": "profile",
        "products": [(one, one.warranty_at(moment)) for one in own_products(user)],
        "visits": coming_visits(user, moment),
    }
    return page(request, "products.html", context)
