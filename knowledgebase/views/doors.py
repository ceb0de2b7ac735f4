"""Who comes in: the knowledge pages of the desk are for staff; customers read the help centre."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from crmcore.models import User
from crmcore.permissions import require

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def staff_page(action: str) -> Callable[[View[P]], View[P]]:
    """Let in staff who may do `action` on articles; strangers are asked to sign in, customers refused."""

    def guard(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if reader(request).is_portal:
                raise PermissionDenied("customers read the help centre")
            require(request.user, "article", action)
            return view(request, *args, **kwargs)

        return cast(View[P], guarded)

    return guard


def reader(request: HttpRequest) -> User:
    """The signed-in person behind a request that came through a door."""
    return cast(User, request.user)
