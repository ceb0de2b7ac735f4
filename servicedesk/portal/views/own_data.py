"""Password, own data and its deletion: for who has just proved by a mailed code who they are."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

import orjson
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.letters import write_letter
from crmcore.actions.one_time_codes import new_code, redeem
from crmcore.models import OneTimeCode
from servicedesk.portal.erasure import ask_for_erasure
from servicedesk.portal.frame import customer, customer_page, page
from servicedesk.portal.own_data import own_data
from servicedesk.portal.throttle import CODE_TRIES, PROOFS, RESENT

PROVED_FOR = timedelta(minutes=10)
_CODE, _PROVED, _NEXT = "portal_proof", "portal_proved_until", "portal_proof_for"
View = Callable[..., HttpResponse]


def proved_page(view: View) -> View:
    """Let in who proved who they are in the last ten minutes; others prove it first."""

    @never_cache
    @customer_page
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        return view(request) if is_proved(request) else to_proof(request, "portal:own-data")

    return guarded


def is_proved(request: HttpRequest) -> bool:
    """Whether the person proved in the last ten minutes who they are."""
    until = parse_datetime(request.session.get(_PROVED, ""))
    return until is not None and until > clock.now()


def to_proof(request: HttpRequest, page_name: str, *args: str) -> HttpResponse:
    """Let the person prove it first; they come back to the page that they asked for."""
    request.session[_NEXT] = reverse(page_name, args=args)
    return redirect("portal:prove")


@never_cache
@customer_page
def prove(request: HttpRequest) -> HttpResponse:
    """`/portal/profile/prove/`: a code goes to the address with which the person signs in."""
    user = customer(request)
    if request.method != "POST":
        return page(request, "prove.html", {"section": "profile", "is_sent": _CODE in request.session})
    if "code" not in request.POST:
        if PROOFS.is_used_up(request):
            return page(request, "slow_down.html", status=429)
        if user.email and not RESENT.is_used_up_by(f"proof {user.pk}"):
            code = new_code(OneTimeCode.Purpose.VERIFY, user.email, about=f"user {user.pk}")
            words = _(
                "Your code is {code}\n\nIt holds for ten minutes. If you did not ask for it, change your password."
            )
            write_letter(user.email, _("Your code for the portal"), words, user=user, code=code)
            request.session[_CODE] = code.pk
        return redirect("portal:prove")
    found = None
    if not CODE_TRIES.is_used_up(request):
        found = redeem(request.session.get(_CODE, 0), OneTimeCode.Purpose.VERIFY, request.POST["code"][:20])
    if found is None or found.about != f"user {user.pk}":
        problem = _("This code is not right, or no longer valid. Look again, or ask for a new one")
        return page(request, "prove.html", {"section": "profile", "is_sent": True, "problem": problem}, status=422)
    del request.session[_CODE]
    request.session[_PROVED] = (clock.now() + PROVED_FOR).isoformat()
    return redirect(request.session.pop(_NEXT, reverse("portal:own-data")))


@proved_page
def own(request: HttpRequest) -> HttpResponse:
    """`/portal/profile/data/`: a new password, the download, the wish to be forgotten."""
    user = customer(request)
    form = SetPasswordForm(user, request.POST or None)
    for field in form.fields.values():
        field.widget.attrs["class"] = "sd-f__in"
    if request.method == "POST" and form.is_valid():
        form.save()
        update_session_auth_hash(request, user)
        audit.record("user.password_changed", user, by=user)
        messages.success(request, _("Your password is changed. Other devices are signed out"))
        return redirect("portal:own-data")
    status = 422 if form.is_bound else 200
    return page(request, "own_data.html", {"section": "profile", "form": form}, status=status)


@require_POST
@proved_page
def download(request: HttpRequest) -> HttpResponse:
    """All of it as one JSON file."""
    user = customer(request)
    audit.record("user.data_exported", user, by=user)
    body = orjson.dumps(own_data(user), option=orjson.OPT_INDENT_2)
    headers = {"Content-Disposition": 'attachment; filename="my-data.json"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type="application/json", headers=headers)


@require_POST
@proved_page
def erase(request: HttpRequest) -> HttpResponse:
    """The wish becomes a request that people of the desk look after; wished twice it is one."""
    ticket = ask_for_erasure(customer(request))
    messages.success(request, _("We have your request. Its reference is %(number)s") % {"number": ticket.number})
    return redirect("portal:request", ticket.number)
