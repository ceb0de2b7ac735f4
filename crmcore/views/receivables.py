"""What customers owe: all that is late, planning a part, booking what came."""

from uuid import uuid4

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crmcore.actions.receivables import Instalment, book_payment, plan_payments
from crmcore.clock import now
from crmcore.forms.contracts import DueForm, PaymentForm
from crmcore.models import Account, Contract, Due
from crmcore.money import from_minor, to_minor
from crmcore.queries.receivables import overdue_dues
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, number_in, staff_page


@require_GET
@staff_page("payment")
def receivables(request: StaffRequest) -> HttpResponse:
    """What is late today, the longest first."""
    today = timezone.localdate(now())
    rows = [(due, due.days_late(today)) for due in overdue_dues(request.user, today)]
    return render(request, "crmcore/receivables.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@staff_page("payment", "create")
def new_due(request: StaffRequest) -> HttpResponse:
    """`?account=` names who owes it, `?contract=` from which contract."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=number_in(request, "account") or 0)
    contracts = Contract.objects.visible_to(request.user).filter(account=account)
    contract = contracts.filter(pk=number_in(request, "contract") or 0).first()
    currency = contract.currency if contract else "CNY" if account.language.startswith("zh") else "USD"
    form = DueForm(request.POST or None, initial={"due_on": timezone.localdate(now()), "currency": currency})
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        part = Instalment(typed["title"], typed["due_on"], to_minor(typed["amount"], typed["currency"]))
        try:
            plan_payments(account, [part], currency=typed["currency"], by=request.user, contract=contract)
        except ValidationError as refused:
            form.add_error(None, refused.messages)
        else:
            return redirect("crm:account_sales", account.pk)
    context = {"form": form, "account": account, "contract": contract}
    return render(request, "crmcore/due_form.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@staff_page("payment")
def due_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One due with its payments; posting books one."""
    rows = Due.objects.visible_to(request.user).select_related("account", "contract")
    due = get_object_or_404(rows, pk=pk)
    first = {
        "key": uuid4(),
        "paid_on": timezone.localdate(now()),
        "amount": from_minor(due.left_minor, due.currency),
    }
    form = PaymentForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        try:
            book_payment(
                due,
                key=typed["key"],
                amount_minor=to_minor(typed["amount"], due.currency),
                paid_on=typed["paid_on"],
                note=typed["note"],
                by=request.user,
            )
        except ValidationError as refused:
            form.add_error("amount", refused.messages)
        else:
            return redirect("crm:due", due.pk)
    context = {
        "due": due,
        "form": form,
        "payments": due.payments.select_related("booked_by"),
        "late": due.days_late(timezone.localdate(now())),
        "may_book": due.is_open and reaches(request.user, "edit", due),
    }
    return render(request, "crmcore/due.html", context, status=422 if request.method == "POST" else 200)
