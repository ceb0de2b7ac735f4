"""Tracking a request without an account: its number and an address, then the code that was sent there."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crmcore.actions.one_time_codes import redeem
from crmcore.models import OneTimeCode
from servicedesk.portal.frame import language_of, page
from servicedesk.portal.guests import Claim, close_session, open_session, read_claim
from servicedesk.portal.throttle import CODE_TRIES, CODES, CODES_OF_ADDRESS, CODES_OF_NUMBER, RESENT
from servicedesk.portal.tracking_codes import ask_for_code, opens

_KEY = "portal_tracking"


@never_cache
def track(request: HttpRequest) -> HttpResponse:
    """`/portal/track/`: the answer is the same whether or not there is such a request."""
    if request.method != "POST":
        return _ask(request, request.GET.get("number", "")[:30])
    number, address = request.POST.get("number", "")[:30].strip(), request.POST.get("address", "")[:254].strip()
    if not number or not address:
        return _ask(request, number, address, _("Enter the number of your request and your address"), status=422)
    try:
        claim = read_claim(number, address)
    except ValidationError:
        return _ask(request, number, address, _("This is no e-mail address and no telephone number"), status=422)
    if _is_too_much(request, claim):
        return page(request, "slow_down.html", status=429)
    if not RESENT.is_used_up_by(f"{claim.number} {claim.address}"):
        code = ask_for_code(claim, language_of(request))
        request.session[_KEY] = {"code": code, "number": claim.number, "kind": claim.kind, "address": claim.address}
    return redirect("portal:track-code")


@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """`/portal/track/code/`: six digits open the request in this browser."""
    kept = request.session.get(_KEY)
    if not kept:
        return redirect("portal:track")
    claim = Claim(kept["number"], kept["kind"], kept["address"])
    if request.method != "POST":
        return page(request, "track_code.html", {"claim": claim})
    if CODE_TRIES.is_used_up(request):
        return page(request, "slow_down.html", status=429)
    found = redeem(kept["code"], OneTimeCode.Purpose.TRACK, request.POST.get("code", "")[:20])
    if found is None or not opens(found, claim):
        problem = _("This code is not right, or no longer valid. Look again, or ask for a new one")
        return page(request, "track_code.html", {"claim": claim, "problem": problem}, status=422)
    del request.session[_KEY]
    open_session(request, claim)
    return redirect("portal:guest-request", claim.number)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget the request in this browser."""
    close_session(request)
    return redirect("portal:home")


def _ask(request: HttpRequest, number: str, address: str = "", problem: str = "", *, status: int = 200) -> HttpResponse:
    context = {"number": number, "address": address, "problem": problem}
    return page(request, "track.html", context, status=status)


def _is_too_much(request: HttpRequest, claim: Claim) -> bool:
    """Counted by who asks, by address and by number, whether or not there is such a request."""
    counts = [
        CODES.is_used_up(request),
        CODES_OF_ADDRESS.is_used_up_by(claim.address),
        CODES_OF_NUMBER.is_used_up_by(claim.number),
    ]
    return any(counts)
