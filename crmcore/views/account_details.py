"""All that is written down about one customer, by group."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from crmcore.customer_groups import ACCOUNT_GROUPS, facts_of
from crmcore.models import Account
from crmcore.models.account_facts import ACCOUNT_LISTS
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, staff_page


@require_GET
@staff_page("account")
def account_details(request: StaffRequest, pk: int) -> HttpResponse:
    """The facts of a customer as far as they are known."""
    rows = Account.objects.visible_to(request.user).select_related("region", "owner", *ACCOUNT_LISTS)
    account = get_object_or_404(rows, pk=pk)
    if account.merged_into_id:
        return redirect("crm:account_details", account.merged_into_id)
    groups = [(group.label, facts) for group in ACCOUNT_GROUPS if (facts := list(facts_of(account, group)))]
    context = {"account": account, "groups": groups, "may_edit": reaches(request.user, "edit", account)}
    return render(request, "crmcore/account_details.html", context)
