"""Who may come in, and how a call that has moved on is answered."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from crmcore.models import User
from crmcore.permissions import require
from telephony.actions.transitions import MovedOn

P = ParamSpec("P")
StaffView = Callable[Concatenate[HttpRequest, User, P], HttpResponseBase]
Door = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def staff_command(view: StaffView[P]) -> Door[P]:
    """A command of the console: POST by a member of staff who may see calls.

    What no longer exists is 404; what can no longer be done is 409 with the state in which the call is now.
    """

    @require_POST
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or user.is_portal:
            raise PermissionDenied("staff only")
        require(user, "call", "view")
        try:
            return view(request, user, *args, **kwargs)
        except MovedOn as moved:
            return problem(409, _("The call has moved on."), state=moved.state, reason=moved.reason)
        except ObjectDoesNotExist as error:
            raise Http404 from error

    return guarded


def staff_reading(view: StaffView[P]) -> Door[P]:
    """Something that a member of staff looks at; what they may see of it, the view asks."""

    @require_safe
    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        user = request.user
        if not isinstance(user, User) or user.is_portal:
            raise PermissionDenied("staff only")
        return view(request, user, *args, **kwargs)

    return guarded


def problem(status: int, title: str, **more: object) -> JsonResponse:
    """Problem details (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    return JsonResponse(body, status=status, content_type="application/problem+json")


def done() -> HttpResponse:
    """The command was carried out; the screens learn the rest over their socket."""
    return HttpResponse(status=204)
