"""Contracts: the list, one contract with its life and files, and the form."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions import contract_steps, contracts
from crmcore.clock import now
from crmcore.forms.contracts import ContractForm, initial_of
from crmcore.models import Account, Contract, ContractFile, Quote
from crmcore.money import from_minor
from crmcore.permissions import may
from crmcore.queries.approvals import requests_about
from crmcore.queries.contracts import page_of_contracts, plans_for
from crmcore.queries.receivables import dues_of
from crmcore.queries.rights import reaches, require_reach
from crmcore.views.requests import StaffRequest, number_in, staff_page

State = Contract.State


@require_GET
@staff_page("contract")
def contract_list(request: StaffRequest) -> HttpResponse:
    """All contracts that the reader may view, the newest first; `?state=` narrows."""
    state = request.GET.get("state", "")
    state = state if state in State.values else ""
    rows, older = page_of_contracts(request.user, state=state, before=number_in(request, "before"))
    context = {"contracts": rows, "older": older, "state": state, "states": State.choices}
    context["may_owe"] = may(request.user, "payment", "view")
    return render(request, "crmcore/contract_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("contract", "create")
def new_contract(request: StaffRequest) -> HttpResponse:
    """`?account=` names with whom, `?quote=` the accepted quote from which it comes filled."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=number_in(request, "account") or 0)
    quotes = Quote.objects.visible_to(request.user).filter(account=account, state=Quote.State.ACCEPTED)
    quote = quotes.filter(pk=number_in(request, "quote") or 0).first()
    form = ContractForm(
        request.POST or None, user=request.user, account=account, initial=_first(request, account, quote)
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(contracts.draft_contract(by=request.user, account=account, **form.fields_for_action()))
        except ValidationError as refused:
            form.show_refusal(refused)
    return _form(request, form, account)


@require_http_methods(["GET", "POST"])
@staff_page("contract", "edit")
def edit_contract(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a draft."""
    contract = _visible(request, pk)
    require_reach(request.user, "edit", contract)
    form = ContractForm(request.POST or None, user=request.user, account=contract.account, initial=initial_of(contract))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(contracts.change_contract(contract, by=request.user, **form.fields_for_action()))
        except ValidationError as refused:
            form.show_refusal(refused)
    return _form(request, form, contract.account, contract)


@require_GET
@staff_page("contract")
def contract_page(request: StaffRequest, pk: int) -> HttpResponse:
    """Dates, files, payment plan, approvals, and what may be done next."""
    contract = _visible(request, pk)
    may_edit = reaches(request.user, "edit", contract)
    context = {
        "contract": contract,
        "files": contract.files.select_related("added_by"),
        "dues": dues_of(contract.account, request.user).filter(contract=contract),
        "asked": requests_about(f"contract:{contract.pk}", request.user),
        "may_edit": may_edit,
        "may_plan": may(request.user, "payment", "create"),
        "needs": plans_for(contract) if may_edit and contract.state == State.DRAFT else [],
        "today": timezone.localdate(now()),
        "is_over": contract.state in Contract.OVER,
        "ratings": range(1, 6),
    }
    return render(request, "crmcore/contract.html", context)


@require_POST
@staff_page("contract", "edit")
def act_on_contract(request: StaffRequest, pk: int) -> HttpResponse:
    """`do` names the step; a refusal is said on the contract's page."""
    contract, typed = _visible(request, pk), request.POST
    try:
        _act(request, contract, typed.get("do", ""))
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(contract)


@require_GET
@staff_page("contract")
def contract_file(request: StaffRequest, pk: int, file_id: int) -> HttpResponse:
    """The file as a download: a browser runs nothing in it."""
    found = get_object_or_404(ContractFile, pk=file_id, contract=_visible(request, pk))
    try:
        with found.file.open("rb") as stored:
            answer = HttpResponse(stored.read(), content_type="application/octet-stream")
    except OSError as error:
        raise Http404(found.name) from error
    answer["Content-Disposition"] = content_disposition_header(True, found.name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer


def _act(request: StaffRequest, contract: Contract, do: str) -> None:
    by, words = request.user, request.POST.get("reason", "")
    if do == "ask":
        contract_steps.ask_for_leave(contract, by=by, reason=words)
    elif do == "sign":
        contract_steps.sign_contract(contract, by=by, day=timezone.localdate(now()))
    elif do == "terminate":
        contract_steps.terminate_contract(contract, by=by, reason=words)
    elif do == "evaluate":
        rating = request.POST.get("rating", "")
        contract_steps.evaluate_contract(contract, by=by, rating=int(rating) if rating.isdecimal() else 0, text=words)
    elif do == "file":
        _keep(request, contract)


def _keep(request: StaffRequest, contract: Contract) -> None:
    sent = request.FILES.get("file")
    if sent is None:
        raise ValidationError(_("Choose a file first."))
    contracts.add_file(contract, sent, sent.name or "file", by=request.user)


def _first(request: StaffRequest, account: Account, quote: Quote | None) -> dict[str, Any]:
    first = {"starts_on": timezone.localdate(now()), "remind_days": 30, "owner": request.user.pk}
    if quote is None:
        return first | {"currency": "CNY" if account.language.startswith("zh") else "USD"}
    amount = from_minor(quote.total_minor, quote.currency)
    return first | {"title": quote.title, "quote": quote.pk, "amount": amount, "currency": quote.currency}


def _form(
    request: StaffRequest, form: ContractForm, account: Account, contract: Contract | None = None
) -> HttpResponse:
    context = {"form": form, "account": account, "contract": contract}
    status = 422 if request.method == "POST" else 200
    return render(request, "crmcore/contract_form.html", context, status=status)


def _visible(request: StaffRequest, pk: int) -> Contract:
    rows = Contract.objects.visible_to(request.user).select_related("account", "owner", "quote")
    return get_object_or_404(rows, pk=pk)
