"""The pages of approvals: the reader's lists, and one request with what they may do about it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from crmcore.actions.approval_acts import Act, take
from crmcore.actions.approvals import Refused
from crmcore.clock import now
from crmcore.models import ApprovalRequest, User
from crmcore.queries.approvals import SHELVES, request_page, shelf, waiting_count
from crmcore.views.requests import number_in, wants_fragment

_TABS = {
    "waiting": gettext_lazy("Waiting for me"),
    "asked": gettext_lazy("Asked by me"),
    "done": gettext_lazy("Answered by me"),
    "copies": gettext_lazy("Copies"),
}


@require_GET
@login_required
def approval_list(request: HttpRequest) -> HttpResponse:
    """`/approvals/?show=asked`; `before=<id>` leads to older ones."""
    user, which = _reader(request), request.GET.get("show", "waiting")
    which = which if which in SHELVES else "waiting"
    before = number_in(request, "before")
    context = {
        "shelf": shelf(user, which, before),
        "show": which,
        "before": before,
        "tabs": _TABS.items(),
        "number": waiting_count(user),
    }
    template = "crmcore/_approvals.html" if wants_fragment(request) else "crmcore/approvals.html"
    return render(request, template, context)


@require_GET
@login_required
def approval(request: HttpRequest, pk: int) -> HttpResponse:
    """`/approvals/12/`"""
    return _page(request, _found(request, pk))


@require_GET
@login_required
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that follows what others do; what the reader types stands beside it."""
    found = _found(request, pk)
    return render(request, "crmcore/_approval_progress.html", {"page": request_page(found, _reader(request), now())})


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """`do` is one of the acts, `seat` the seat that the reader saw, `text` what they say."""
    found, what = _found(request, pk), request.POST.get("do", "")
    if what not in Act.values:
        return redirect(found)
    try:
        to = User.objects.filter(pk=_number(request, "to")).first()
        seat, text = _number(request, "seat"), request.POST.get("text", "")
        take(found, Act(what), by=_reader(request), seat=seat, text=text, to=to)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return _page(request, _found(request, pk), status=422)
    messages.success(request, Act(what).label)
    return redirect("approvals:list") if request.POST.get("back") == "list" else redirect(found)


def _page(request: HttpRequest, found: ApprovalRequest, status: int = 200) -> HttpResponse:
    user = _reader(request)
    page = request_page(found, user, now())
    context = {"page": page, "colleagues": _colleagues(user), "typed": request.POST.get("text", "")}
    return render(request, "crmcore/approval.html", context, status=status)


def _colleagues(user: User) -> list[User]:
    return list(User.objects.filter(kind=User.Kind.STAFF, is_active=True).exclude(pk=user.pk).order_by("name", "pk"))


def _found(request: HttpRequest, pk: int) -> ApprovalRequest:
    rows = ApprovalRequest.objects.visible_to(_reader(request)).select_related("plan", "version", "asked_by")
    return get_object_or_404(rows, pk=pk)


def _reader(request: HttpRequest) -> User:
    if not isinstance(request.user, User) or request.user.is_portal:
        raise PermissionDenied("approvals")
    return request.user


def _number(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 18 else 0
