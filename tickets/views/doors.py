"""Who comes in: ticket pages are for staff; customers follow their requests on the portal."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from crmcore.models import User
from crmcore.permissions import require
from crmcore.queries.rights import require_reach
from tickets.models import Ticket

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_page(action: str = "view") -> Callable[[View[P]], View[P]]:
    """Let in staff who may do `action` on some ticket; strangers are asked to sign in, customers refused."""

    def guard(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if reader(request).is_portal:
                raise PermissionDenied("customers use the portal")
            require(request.user, "ticket", action)
            return view(request, *args, **kwargs)

        return cast(View[P], guarded)

    return guard


def reader(request: HttpRequest) -> User:
    """The signed-in person behind a request that came through a door."""
    return cast(User, request.user)


def found_ticket(request: HttpRequest, number: str, action: str = "view") -> Ticket:
    """The ticket if the reader may see it (else 404) and may do `action` on it (else 403)."""
    rows = Ticket.objects.visible_to(request.user).defer("search")
    shown_with = ("status", "type", "queue", "assignee", "account", "contact", "follow_up_of")
    ticket = get_object_or_404(rows.select_related(*shown_with), number=number)
    if action != "view":
        require_reach(reader(request), action, ticket)
    return ticket


def wants_fragment(request: HttpRequest) -> bool:
    """Whether a script swaps a part of the page, as against a browser that posts a form and waits for a page."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers
