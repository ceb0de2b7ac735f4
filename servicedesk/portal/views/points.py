"""How we reach the customer, changed by themselves: a code goes to what is new, and only who types it in changes it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from crmcore.actions.contact_points import phone_region, stored_value
from crmcore.actions.one_time_codes import redeem
from crmcore.actions.own_points import AddressTaken, put_own_point, remove_own_point
from crmcore.models import ContactPoint, OneTimeCode, User
from crmcore.queries.own_points import MOST, ONE_MORE, Way, masked, ways_of
from servicedesk.portal.frame import contact_of, customer, customer_page, page
from servicedesk.portal.point_codes import NoWay, about, send_point_code, tell_of_change, tell_of_removal
from servicedesk.portal.throttle import CODE_TRIES, CODES_OF_ADDRESS, POINTS, RESENT
from servicedesk.portal.views.own_data import is_proved, to_proof

_KEY = "portal_point"
LONGEST = 120


@never_cache
@customer_page
def ways(request: HttpRequest) -> HttpResponse:
    """`/portal/profile/contact/`: each number and address, confirmed or not."""
    return page(request, "points.html", {"section": "profile", "ways": ways_of(customer(request))})


@never_cache
@customer_page
def change(request: HttpRequest, place: str) -> HttpResponse:
    """`/portal/profile/contact/new/` or `…/17/`: type in what is new; a code goes there."""
    user = customer(request)
    way = _way(user, place)
    if place != ONE_MORE and way is None:
        return redirect("portal:points")
    if way is not None and way.signs_in and not is_proved(request):
        return to_proof(request, "portal:point", place)
    if request.method != "POST":
        return _ask(request, way)
    raw = request.POST.get("address", "").strip()
    kind = way.kind if way else ContactPoint.Kind.EMAIL if "@" in raw else ContactPoint.Kind.PHONE
    try:
        value = stored_value(kind, raw[:LONGEST], region=phone_region(user, contact_of(user).time_zone))
    except ValidationError as problem:
        return _ask(request, way, raw, problem.messages[0])
    if way is None and len(ways_of(user)) >= MOST:
        return _ask(request, way, raw, _("That is enough. Take one away first"))
    if POINTS.is_used_up(request) or CODES_OF_ADDRESS.is_used_up_by(value):
        return page(request, "slow_down.html", status=429)
    if not RESENT.is_used_up_by(f"point {user.pk} {value}"):
        try:
            code = send_point_code(user, kind, value, place)
        except NoWay:
            return _ask(request, way, raw, _("We cannot send text messages to this number. Tell us in a request"))
        request.session[_KEY] = {"code": code, "place": place, "kind": kind, "raw": raw[:LONGEST], "value": value}
    return redirect("portal:point-code")


@never_cache
@customer_page
def code(request: HttpRequest) -> HttpResponse:
    """`/portal/profile/contact/code/`: six digits, and it is changed."""
    user, kept = customer(request), request.session.get(_KEY)
    if not kept:
        return redirect("portal:points")
    context = {"section": "profile", "kept": kept}
    if request.method != "POST":
        return page(request, "point_code.html", context)
    if CODE_TRIES.is_used_up(request):
        return page(request, "slow_down.html", status=429)
    found = redeem(kept["code"], OneTimeCode.Purpose.POINT, request.POST.get("code", "")[:20])
    asked = (about(user, kept["kind"], kept["place"]), kept["value"])
    if found is None or (found.about, found.address) != asked:
        problem = _("This code is not right, or no longer valid. Look again, or ask for a new one")
        return page(request, "point_code.html", {**context, "problem": problem}, status=422)
    del request.session[_KEY]
    return _put(request, user, kept)


@require_POST
@customer_page
def remove(request: HttpRequest, place: str) -> HttpResponse:
    """Take one away; the address for signing in stays."""
    user = customer(request)
    gone = remove_own_point(user, place)
    if gone is not None:
        tell_of_removal(user, gone)
        messages.success(request, _("Taken away"))
    return redirect("portal:points")


def _put(request: HttpRequest, user: User, kept: dict[str, str]) -> HttpResponse:
    old_address = user.email
    try:
        reached = put_own_point(user, kept["kind"], kept["raw"], place=kept["place"])
    except AddressTaken:
        messages.error(request, _("Somebody signs in with this address already. Nothing was changed"))
        return redirect("portal:points")
    if reached.is_new:
        tell_of_change(reached, old_address)
    messages.success(request, _("Confirmed: %(what)s") % {"what": masked(kept["kind"], kept["value"])})
    return redirect("portal:points")


def _way(user: User, place: str) -> Way | None:
    return next((way for way in ways_of(user) if way.place == place), None) if place != ONE_MORE else None


def _ask(request: HttpRequest, way: Way | None, typed: str = "", problem: str = "") -> HttpResponse:
    context = {"section": "profile", "way": way, "typed": typed, "problem": problem}
    return page(request, "point.html", context, status=422 if problem else 200)
