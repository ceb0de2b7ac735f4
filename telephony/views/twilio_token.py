"""The pass by which an agent's browser signs in to the carrier."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crmcore.models import User
from crmcore.permissions import require
from telephony.providers.twilio.access_tokens import LIFETIME_S, access_token, identity_of
from telephony.providers.twilio.account import Account


@never_cache
@require_safe
@login_required
def token(request: HttpRequest) -> JsonResponse:
    """A pass for the signed-in agent. Raises PermissionDenied for customers, and on a desk without an account."""
    user = request.user
    if not isinstance(user, User) or user.is_portal:
        raise PermissionDenied("staff only")
    require(user, "call", "edit")
    account = Account.configured()
    if not account.has_browser_phones:
        raise PermissionDenied("the carrier's account is not configured")
    return JsonResponse(
        {"token": access_token(account, user.pk), "identity": identity_of(user.pk), "lifetime_s": LIFETIME_S}
    )
