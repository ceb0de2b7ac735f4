"""Other telephone systems that report their calls: their addresses and extensions."""

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore.actions.people import token_digest
from crmcore.models import User
from servicedesk.setup.access import opens_with
from servicedesk.setup.exchange_forms import ExchangeForm, ExtensionForm
from telephony.actions import lines
from telephony.models import CtiToken

PAGE = "setup:exchanges"
SHOWN_ONCE = "exchange_address"


@opens_with(PAGE)
def exchange_list(request: HttpRequest) -> HttpResponse:
    """Every exchange, those in use first."""
    exchanges = CtiToken.objects.select_related("queue").annotate(people=models.Count("extensions"))
    return render(
        request, "servicedesk/setup/exchanges.html", {"exchanges": exchanges.order_by("-is_active", "name", "pk")}
    )


@opens_with(PAGE)
def new_exchange(request: HttpRequest) -> HttpResponse:
    """Make an address for an exchange; it is shown once on the page that follows."""
    form = ExchangeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        secret = lines.issue_cti_token(**form.cleaned_data, by=_person(request))
        _show_once(request, secret)
        return redirect("setup:exchange", CtiToken.objects.get(digest=token_digest(secret)).pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/exchange_new.html", {"form": form}, status=status)


@opens_with(PAGE)
def exchange(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """What an exchange is called, and who sits where."""
    row = get_object_or_404(CtiToken, pk=exchange_id)
    initial = {"name": row.name, "queue": row.queue_id, "region": row.region}
    form = ExchangeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        for name, value in form.cleaned_data.items():
            setattr(row, name, value)
        lines.save_exchange(row, by=_person(request))
        messages.success(request, _("Saved"))
        return redirect("setup:exchange", row.pk)
    return _page(request, row, form=form)


@opens_with(PAGE)
@require_POST
def add_extension(request: HttpRequest, exchange_id: int) -> HttpResponse:
    row = get_object_or_404(CtiToken, pk=exchange_id)
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        return _page(request, row, extension_form=form)
    lines.assign_extension(row, form.cleaned_data["number"], form.cleaned_data["agent"], by=_person(request))
    return redirect("setup:exchange", row.pk)


@opens_with(PAGE)
@require_POST
def free_extension(request: HttpRequest, exchange_id: int) -> HttpResponse:
    row = get_object_or_404(CtiToken, pk=exchange_id)
    lines.free_extension(row, request.POST.get("number", "")[:20], by=_person(request))
    return redirect("setup:exchange", row.pk)


@opens_with(PAGE)
@require_POST
def renew(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """Another address for the exchange; the one before stops working."""
    row = get_object_or_404(CtiToken, pk=exchange_id)
    _show_once(request, lines.renew_cti_token(row, by=_person(request)))
    return redirect("setup:exchange", row.pk)


@opens_with(PAGE)
@require_POST
def revoke(request: HttpRequest, exchange_id: int) -> HttpResponse:
    row = get_object_or_404(CtiToken, pk=exchange_id)
    lines.revoke_cti_token(row, by=_person(request))
    messages.success(request, _("Address revoked"))
    return redirect("setup:exchange", row.pk)


@opens_with(PAGE)
def guide(request: HttpRequest) -> HttpResponse:
    """What to paste where in an exchange."""
    return render(request, "servicedesk/setup/exchange_guide.html", {"base": _base(request)})


def _page(
    request: HttpRequest,
    row: CtiToken,
    *,
    form: ExchangeForm | None = None,
    extension_form: ExtensionForm | None = None,
) -> HttpResponse:
    context = {
        "exchange": row,
        "address": request.session.pop(SHOWN_ONCE, ""),
        "form": form or ExchangeForm(initial={"name": row.name, "queue": row.queue_id, "region": row.region}),
        "extension_form": extension_form or ExtensionForm(),
        "extensions": row.extensions.select_related("agent"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/exchange.html", context, status=status)


def _show_once(request: HttpRequest, secret: str) -> None:
    request.session[SHOWN_ONCE] = _base(request) + reverse("telephony:cti", args=[secret])


def _base(request: HttpRequest) -> str:
    return settings.PUBLIC_BASE_URL or request.build_absolute_uri("/").rstrip("/")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
