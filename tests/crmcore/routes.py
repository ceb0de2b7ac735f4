"""The whole desk's addresses, with the customer's page in the namespace that the templates of this package link to."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from crmcore import urls as crm
from servicedesk.urls import urlpatterns as desk


def account_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Stands for the customer's page, which the console owns."""
    return HttpResponse(f"customer {pk}")


customer_base = [path("accounts/<int:pk>/", account_page, name="account"), *crm.urlpatterns]
urlpatterns = [path("crm/", include((customer_base, "crm"))), *desk]
