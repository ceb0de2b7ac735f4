"""The door of each page of the entrance: for people of outside firms whose firm may do what the page does."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from crmcore.models import User
from crmcore.permissions import require_operation

View = Callable[..., HttpResponse]


class PartnerRequest(HttpRequest):
    """A request that passed the door."""

    user: User


def partner_page(operation: str = "") -> Callable[[View], View]:
    """Let in people of firms that were given the operation; others are sent to where they work."""

    def door(view: View) -> View:
        @wraps(view)
        def guarded(request: PartnerRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_partner:
                return redirect("home")
            if operation:
                require_operation(request.user, operation)
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return door
