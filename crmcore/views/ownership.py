"""Claiming a customer that nobody looks after."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore.actions import ownership
from crmcore.models import Account
from crmcore.views.requests import StaffRequest, staff_page


@require_POST
@staff_page("account", "edit")
def claim_account(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the customer on; who comes second reads who was first."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    try:
        ownership.claim(account, by=request.user)
        messages.success(request, _("You look after this customer now."))
    except ownership.AlreadyOwned as taken:
        messages.error(request, _("%(name)s looks after this customer already.") % {"name": taken.owner})
    return redirect("crm:account", pk)
