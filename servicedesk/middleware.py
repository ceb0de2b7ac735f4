"""What a signed-in person has chosen, and the fence around people of outside firms."""

import zoneinfo
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation

from crmcore.models import User

# All that people of outside firms can open; whatever is not here is closed, also what is built later.
PARTNER_DOORS = ("/partner/", "/field/", "/account/", "/settings/language/", "/settings/theme/", settings.STATIC_URL)


class PersonalSettingsMiddleware:
    """Show each person's pages in the stored language and zone, never in what the browser claims."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not user.is_authenticated:
            return self.get_response(request)
        with (
            translation.override(user.language),
            timezone.override(zone_of(user.time_zone)),
        ):
            request.LANGUAGE_CODE = user.language
            response = self.get_response(request)
        response.headers["Content-Language"] = user.language
        return response


class PartnerFence:
    """Send people of outside firms from the front door to their own; what is not a page of theirs is refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User) or not user.is_partner or request.path.startswith(PARTNER_DOORS):
            return self.get_response(request)
        if request.path == "/":
            return redirect(reverse("partners:home"))
        return HttpResponse(status=403)


def zone_of(name: str) -> zoneinfo.ZoneInfo:
    """The zone called `name`, UTC where the name means nothing."""
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        return zoneinfo.ZoneInfo("UTC")
