"""Signing in: accounts are made by staff, never by strangers, and everybody lands where they work."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from crmcore.models import User
from crmcore.permissions import may


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        assert isinstance(request.user, User)
        return home_of(request.user)


def home_of(user: User) -> str:
    """The page a person starts at: the portal, the board or the console."""
    if user.is_portal:
        return reverse("portal:home")
    if may(user, "board", "view") and not user.queue_memberships.exists():
        return reverse("supervisor:board")
    return reverse("console:home")
