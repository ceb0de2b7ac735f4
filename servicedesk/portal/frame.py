"""The frame of every portal page: brand, reader, and the doors that only a signed-in customer passes."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language

from crmcore.models import Contact, User
from crmcore.queries.company import administered
from crmcore.queries.notices import unread_count
from servicedesk.demo.active import is_active
from servicedesk.portal.brand import brand_for
from servicedesk.portal.lines import zone_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render `templates/servicedesk/portal/<template>` with what the frame needs."""
    user = customer_or_none(request)
    is_demo = is_active()
    brand = brand_for(language_of(request), is_demo=is_demo)
    shown = {"brand": brand, "demo_data": is_demo, "customer": user, **(context or {})}
    if user is not None:
        shown.setdefault("unread", unread_count(user))
        shown.setdefault("company", administered(user).first())
    # A stranger has no stored zone: moments are those of the clock where the line is answered.
    zone = timezone.get_current_timezone() if user else shown.get("zone") or zone_of(shown.get("line"))
    with timezone.override(zone):
        offset = timezone.localtime().strftime("%z")
        shown["zone_name"] = f"UTC{offset[:3]}:{offset[3:]}"
        return render(request, f"servicedesk/portal/{template}", shown, status=status)


def customer_page(view: View[P]) -> View[P]:
    """Let in customers; strangers are asked to sign in, staff sent to their own pages."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if customer_or_none(request) is None:
            return redirect("home")
        return view(request, *args, **kwargs)

    return cast(View[P], guarded)


def customer_or_none(request: HttpRequest) -> User | None:
    """The signed-in customer, None for strangers and staff."""
    user = request.user
    return user if isinstance(user, User) and user.is_portal else None


def customer(request: HttpRequest) -> User:
    """The customer behind a request that passed `customer_page`."""
    return cast(User, request.user)


def contact_of(user: User) -> Contact:
    """The customer's own record; the database gives every portal user one."""
    return cast(Contact, user.contact)


def language_of(request: HttpRequest) -> str:
    """The reader's language as articles name it."""
    return (get_language() or "en").lower()
