"""Who may open a page of the settings: exactly those whose menu holds it."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from crmcore.models import User
from crmcore.permissions import require
from servicedesk.setup.menu import page_called

View = Callable[..., HttpResponse]


def opens_with(url_name: str) -> Callable[[View], View]:
    """The view belongs to this page of the menu: it asks for sign-in and for the page's right."""

    def guarded(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            assert isinstance(request.user, User)
            page = page_called(url_name)
            if page.noun:
                require(request.user, page.noun, page.action)
            elif request.user.is_portal:
                raise PermissionDenied(url_name)
            return view(request, *args, **kwargs)

        return login_required(checked)

    return guarded
