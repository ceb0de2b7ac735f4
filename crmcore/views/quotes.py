"""Quotes: the list, one quote with its versions and steps, the form, and the printed page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions import quotes
from crmcore.actions.quote_acts import STEPS, take_step
from crmcore.chinese_amount import in_capitals
from crmcore.clock import now
from crmcore.forms.quotes import QuoteForm, initial_of
from crmcore.models import Account, Quote
from crmcore.permissions import may
from crmcore.queries.approvals import requests_about
from crmcore.queries.quotes import page_of_quotes, plans_for, versions_of
from crmcore.queries.rights import reaches, require_reach
from crmcore.views.requests import StaffRequest, number_in, staff_page

State = Quote.State
LANGUAGES = {"en": "en", "zh": "zh-hans"}


@require_GET
@staff_page("quote")
def quote_list(request: StaffRequest) -> HttpResponse:
    """All quotes that the reader may view, the newest first; `?state=` narrows."""
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    page = page_of_quotes(request.user, state=state, before=number_in(request, "before"))
    context = {"page": page, "state": state, "states": State.choices}
    return render(request, "crmcore/quote_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("quote", "create")
def new_quote(request: StaffRequest) -> HttpResponse:
    """`?account=` names for whom, `?opportunity=` from what."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=number_in(request, "account") or 0)
    first = {
        "currency": "CNY" if account.language.startswith("zh") else "USD",
        "valid_until": timezone.localdate(now()) + timedelta(days=30),
        "owner": request.user.pk,
        "opportunity": number_in(request, "opportunity"),
    }
    form = QuoteForm(request.POST or None, user=request.user, account=account, initial=first)
    return _saved(request, form, lambda: quotes.draft_quote(by=request.user, account=account, **_typed(form))) or _form(
        request, form, account
    )


@require_http_methods(["GET", "POST"])
@staff_page("quote", "edit")
def edit_quote(request: StaffRequest, pk: int) -> HttpResponse:
    """Write a draft anew."""
    quote = _visible(request, pk)
    require_reach(request.user, "edit", quote)
    form = QuoteForm(request.POST or None, user=request.user, account=quote.account, initial=initial_of(quote))
    return _saved(request, form, lambda: quotes.change_quote(quote, by=request.user, **_typed(form))) or _form(
        request, form, quote.account, quote
    )


@require_GET
@staff_page("quote")
def quote_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Lines, sums, versions, approvals, and what may be done next."""
    quote = _visible(request, pk)
    context = {
        "quote": quote,
        "lines": [(line, line.sum()) for line in quote.lines.select_related("product")],
        "sums": quote.sums(),
        "versions": versions_of(quote),
        "asked": requests_about(f"quote:{quote.pk}", request.user),
        "may_edit": reaches(request.user, "edit", quote),
        "may_draft": may(request.user, "contract", "create"),
        "needs": plans_for(quote) if quote.state == State.DRAFT else [],
    }
    return render(request, "crmcore/quote.html", context)


@require_POST
@staff_page("quote", "edit")
def act_on_quote(request: StaffRequest, pk: int) -> HttpResponse:
    """`do` names the step; a refusal is said on the quote's page."""
    quote, do = _visible(request, pk), request.POST.get("do", "")
    try:
        if do in STEPS:
            quote = take_step(quote, do, by=request.user, reason=request.POST.get("reason", ""))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(quote)


@require_GET
@staff_page("quote")
def print_quote(request: StaffRequest, pk: int) -> HttpResponse:
    """The page that goes to the customer; `?language=en` or `zh`, else the customer's own."""
    quote = _visible(request, pk)
    language = LANGUAGES.get(request.GET.get("language", ""), quote.account.language or get_language() or "en")
    with override(language):
        return render(request, "crmcore/quote_print.html", printed(quote) | {"LANGUAGE_CODE": language})


def printed(quote: Quote) -> dict[str, object]:
    """What stands on paper."""
    total = quote.sums()
    return {
        "quote": quote,
        "lines": [(line, line.sum()) for line in quote.lines.select_related("product")],
        "sums": total,
        "capitals": in_capitals(total.total) if quote.currency == "CNY" else "",
        "is_draft": quote.state not in Quote.GONE_OUT,
    }


def _saved(request: HttpRequest, form: QuoteForm, save: Callable[[], Quote]) -> HttpResponse | None:
    """Where a valid post leads; None shows the form again."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return redirect(save())
    except ValidationError as refused:
        form.fault = " ".join(refused.messages)
    return None


def _typed(form: QuoteForm) -> dict[str, Any]:
    return {**form.cleaned_data, "lines": form.wishes()}


def _form(request: StaffRequest, form: QuoteForm, account: Account, quote: Quote | None = None) -> HttpResponse:
    context = {"form": form, "account": account, "quote": quote}
    return render(request, "crmcore/quote_form.html", context, status=422 if request.method == "POST" else 200)


def _visible(request: StaffRequest, pk: int) -> Quote:
    rows = Quote.objects.visible_to(request.user).select_related("account", "owner", "contact", "opportunity")
    return get_object_or_404(rows, pk=pk)
