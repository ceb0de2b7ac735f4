"""A person's own settings: language, time zone, theme, keyboard."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore.actions import people
from crmcore.models import User
from servicedesk.preferences.forms import ProfileForm


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        people.set_preferences(request.user, **form.cleaned_data)
        with translation.override(request.user.language):
            messages.success(request, _("Saved"))
        return redirect("settings:profile")
    return render(request, "servicedesk/preferences/profile.html", {"form": form})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language; the page asked for is fetched again in the new one."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest("unknown language")
    if isinstance(request.user, User):
        people.set_preferences(request.user, language=language)
    response = _back(request)
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=31_536_000, samesite="Lax")
    return response


@login_required
@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    theme = request.POST.get("theme", "")
    if theme not in User.Theme.values:
        return HttpResponseBadRequest("unknown theme")
    assert isinstance(request.user, User)
    people.set_preferences(request.user, theme=theme)
    return HttpResponse(status=204) if request.headers.get("HX-Request") else _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    target = request.POST.get("next") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    return redirect(target)
