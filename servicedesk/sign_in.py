"""Signing in: accounts are made by staff, never by strangers, and everybody lands where they work."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from crmcore.actions.letters import is_held
from crmcore.models import User
from crmcore.permissions import may
from servicedesk.demo.active import may_enter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        assert isinstance(request.user, User)
        return home_of(request.user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Codes and the like; those of made-up people stay here."""
        if not is_held(email):
            super().send_mail(template_prefix, email, context)

    def pre_login(self, request: HttpRequest, user: User, **how: Any) -> HttpResponse | None:
        """Keep people of the demo out of a desk that is not run as one, by password and by code alike."""
        if not may_enter(user):
            return render(request, "account/demo_closed.html", status=403)
        refusal: HttpResponse | None = super().pre_login(request, user, **how)
        return refusal


class Backend(AuthenticationBackend):  # type: ignore[misc]
    """Asked again at every request, so a session that began while the demo was open ends with it."""

    def user_can_authenticate(self, user: AbstractBaseUser | None) -> bool:
        return bool(super().user_can_authenticate(user)) and (not isinstance(user, User) or may_enter(user))


def home_of(user: User) -> str:
    """The page a person starts at: the portal, the board or the console."""
    if user.is_portal:
        return reverse("portal:home")
    if user.is_partner:
        return reverse("partners:home")
    if may(user, "dispatch", "edit") and not may(user, "call", "view"):
        return reverse("field:today")
    if may(user, "board", "view") and not user.queue_memberships.exists():
        return reverse("supervisor:board")
    return reverse("console:home")
