"""What an outside firm sees and does at its entrance: one page per firm, module by module."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crmcore.actions.firms import set_firm_rights
from crmcore.firm_rights import MODULES, Module
from crmcore.models import Firm, User
from servicedesk.setup.access import opens_with


@dataclass(frozen=True)
class Switch:
    """One operation of a module, on or off."""

    key: str
    label: Promise
    is_on: bool
    is_first: bool


@require_http_methods(["GET", "POST"])
@opens_with("setup:firms")
def firm_rights(request: HttpRequest, pk: int) -> HttpResponse:
    """`/settings/firms/7/rights/`: a tick for each operation; what is saved counts from the next page on."""
    firm = get_object_or_404(Firm, pk=pk)
    if request.method == "POST":
        assert isinstance(request.user, User)
        set_firm_rights(firm, request.POST.getlist("allowed"), by=request.user)
        messages.success(request, _("Saved"))
        return redirect("setup:firms")
    modules = [(module, _switches(module, firm)) for module in MODULES]
    return render(request, "servicedesk/setup/firm_rights.html", {"firm": firm, "modules": modules})


def _switches(module: Module, firm: Firm) -> list[Switch]:
    rows = [(module.key(one), one.label) for one in module.operations]
    return [Switch(key, label, key in firm.allowed, key == module.see) for key, label in rows]
