"""What the pages ask of a request: who may open them at all, and what its address says."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from crmcore import permissions
from crmcore.clock import now
from crmcore.models import User

P = ParamSpec("P")
View = Callable[Concatenate["StaffRequest", P], HttpResponse]


class StaffRequest(HttpRequest):
    """A request whose user is a signed-in member of staff."""

    user: User


def staff_page(noun: str, action: str = "view") -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """Send strangers to the sign-in; refuse customers, and staff without the right."""

    def guard(view: View[P]) -> Callable[..., HttpResponse]:
        @login_required
        @wraps(view)
        def guarded(request: StaffRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.user.is_portal:
                raise PermissionDenied(noun)
            permissions.require(request.user, noun, action)
            return view(request, *args, **kwargs)

        return guarded

    return guard


def moment_of(request: HttpRequest) -> datetime:
    """When this request is answered: the present as it was first asked for, the same for all parts of a page."""
    known: datetime | None = request.__dict__.get("_moment")
    if known is None:
        known = request.__dict__["_moment"] = now()
    return known


def number_in(request: HttpRequest, name: str) -> int | None:
    """The whole number in the address under `name`, if there is one."""
    text = request.GET.get(name, "")
    return int(text) if text.isdecimal() else None


def wants_fragment(request: HttpRequest) -> bool:
    """Whether htmx asked for a part of a page, not for a page to move to."""
    return "HX-Request" in request.headers and "HX-Boosted" not in request.headers
