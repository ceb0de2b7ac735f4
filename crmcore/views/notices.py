"""The page of notices, and the way from a notice to what it is about."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from crmcore.actions.notices import read_all, read_notice
from crmcore.models import Notice, User
from crmcore.queries.notices import SHOWN, notices_of
from crmcore.views.requests import number_in, wants_fragment


@require_GET
@login_required
def notice_list(request: HttpRequest) -> HttpResponse:
    """`/notifications/`; `?before=<id>` leads to older ones."""
    before = number_in(request, "before")
    rows = list(notices_of(_reader(request), before))
    shown = rows[:SHOWN]
    older = shown[-1].pk if len(rows) > SHOWN else None
    template = "crmcore/_notices.html" if wants_fragment(request) else "crmcore/notices.html"
    return render(request, template, {"notices": shown, "older": older, "before": before})


@require_GET
@login_required
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where the notice points; it counts as read."""
    notice = get_object_or_404(Notice, pk=pk, user=_reader(request))
    read_notice(notice)
    return redirect(notice.url)


@require_POST
@login_required
def read_them_all(request: HttpRequest) -> HttpResponse:
    read_all(_reader(request))
    return redirect("notices:list")


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or request.user.is_portal:
        raise PermissionDenied("notices")
    return request.user
