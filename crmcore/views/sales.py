"""What was offered and sold to one customer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crmcore.clock import now
from crmcore.models import Account
from crmcore.permissions import may
from crmcore.queries.contracts import contracts_of
from crmcore.queries.opportunities import opportunities_of
from crmcore.queries.quotes import quotes_of
from crmcore.queries.receivables import dues_of
from crmcore.views.requests import StaffRequest, staff_page

SHOWN = 50


@require_GET
@staff_page("quote")
def account_sales(request: StaffRequest, pk: int) -> HttpResponse:
    """What is owed, contracts, quotes and opportunities, the newest first."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    context = {
        "account": account,
        "deals": opportunities_of(account, request.user)[:SHOWN] if may(request.user, "opportunity", "view") else [],
        "quotes": quotes_of(account, request.user)[:SHOWN],
        "may_quote": may(request.user, "quote", "create"),
        "contracts": contracts_of(account, request.user)[:SHOWN],
        "may_draft": may(request.user, "contract", "create"),
        "dues": dues_of(account, request.user)[:SHOWN],
        "may_plan": may(request.user, "payment", "create"),
        "today": timezone.localdate(now()),
        "may_open": may(request.user, "opportunity", "create"),
    }
    return render(request, "crmcore/account_sales.html", context)
