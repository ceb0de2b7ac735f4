"""Customers for the palette and for pickers, as options of a list."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crmcore import permissions
from crmcore.queries.customers import search_accounts, search_contacts
from crmcore.views.requests import StaffRequest, staff_page

_OPTIONS = 6


@require_GET
@staff_page("account")
def customer_search(request: StaffRequest) -> HttpResponse:
    """What `?q=` finds; `?for=opportunity` makes the options lead to a new opportunity."""
    context = options(request) | {"purpose": request.GET.get("for", "")}
    return render(request, "crmcore/_search_results.html", context)


def options(request: StaffRequest) -> dict[str, Any]:
    """The customers that the words of the address find."""
    words = request.GET.get("q", "").strip()
    return {
        "words": words,
        "accounts": search_accounts(words, user=request.user, limit=_OPTIONS) if words else [],
        "contacts": search_contacts(words, user=request.user, limit=_OPTIONS) if words else [],
        "may_create": permissions.may(request.user, "account", "create"),
    }
