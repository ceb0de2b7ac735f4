"""Who may enter the console: staff who may see calls."""

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


def agent_of(request: HttpRequest) -> User:
    """The signed-in member of staff. Raises PermissionDenied for anybody else."""
    if not isinstance(request.user, User) or request.user.is_portal:
        raise PermissionDenied("staff only")
    return request.user


def staff_only(noun: str = "account", action: str = "view") -> Callable[[View[P]], View[P]]:
    """Open a view to staff with this right; strangers are sent to sign in."""

    def wrap(view: View[P]) -> View[P]:
        @login_required
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            require(agent_of(request), noun, action)
            return view(request, *args, **kwargs)

        return cast(View[P], guarded)

    return wrap
