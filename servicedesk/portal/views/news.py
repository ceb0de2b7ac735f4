"""What the customer was told, what they want to be told, and the way out of mail that needs no sign-in."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from crmcore.actions.news_choices import choice_of, choose_news, read_token, switch_mail
from crmcore.actions.notices import read_all, read_notice
from crmcore.models import Notice
from crmcore.queries.notices import SHOWN, notices_of, unread_count
from servicedesk.portal.forms_news import NewsForm
from servicedesk.portal.frame import customer, customer_page, page


@customer_page
def news(request: HttpRequest) -> HttpResponse:
    """`/portal/news/`; `?before=<id>` leads to older ones."""
    before = request.GET.get("before", "")
    rows = list(notices_of(customer(request), int(before) if before.isdecimal() and len(before) < 18 else None))
    context = {"section": "news", "notices": rows[:SHOWN], "older": rows[SHOWN - 1].pk if len(rows) > SHOWN else None}
    return page(request, "news.html", context)


@customer_page
def bell(request: HttpRequest) -> HttpResponse:
    """How much is unread, fetched again when that changed."""
    return page(request, "_bell.html", {"unread": unread_count(customer(request))})


@customer_page
def open_news(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where it points; it counts as read."""
    notice = get_object_or_404(Notice, pk=pk, user=customer(request))
    read_notice(notice)
    return redirect(notice.url)


@require_POST
@customer_page
def read_them_all(request: HttpRequest) -> HttpResponse:
    read_all(customer(request))
    return redirect("portal:news")


@customer_page
def choices(request: HttpRequest) -> HttpResponse:
    """`/portal/news/choices/`: what, where, in which language, and when not."""
    user = customer(request)
    form = NewsForm(request.POST or None, choice=choice_of(user))
    if request.method == "POST" and form.is_valid():
        choose_news(user, **form.values())
        messages.success(request, _("Saved"))
        return redirect("portal:news-choices")
    status = 422 if form.is_bound else 200
    return page(request, "news_choices.html", {"section": "news", "form": form}, status=status)


# The mail program posts without a cookie and without a form of ours; the signed token says what it may do.
@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, token: str) -> HttpResponse:
    """`/portal/news/off/<token>/` ends one kind of mail. Opening it does nothing: scanners open links too."""
    found = read_token(token)
    if found is None:
        return page(request, "news_off.html", {"kind": None}, status=404)
    user, kind = found
    is_done = request.method == "POST"
    if is_done:
        switch_mail(user, kind, on=request.POST.get("on") == "1")
    language = choice_of(user).language or user.language
    with translation.override(language if language in dict(settings.LANGUAGES) else None):
        is_off = kind in choice_of(user).no_mail
        return page(request, "news_off.html", {"kind": kind, "is_off": is_off, "is_done": is_done})
