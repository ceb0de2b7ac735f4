"""The people and units of a customer, and the days that matter to it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.models import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions import organisation
from crmcore.forms.organisation import DateForm, ModelledForm, PlaceForm, UnitForm
from crmcore.models import Account, AccountContact, Contact, ImportantDate, Unit
from crmcore.queries.organisation import dates_of, organisation_of
from crmcore.queries.rights import reaches, require_reach
from crmcore.views.requests import StaffRequest, moment_of, staff_page

PEOPLE, DATES = "crm:account_people", "crm:account_dates"


@require_GET
@staff_page("contact")
def account_people(request: StaffRequest, pk: int) -> HttpResponse:
    """The units of a customer with their heads and people."""
    account = _account(request, pk)
    context = {
        "account": account,
        "units": organisation_of(account, request.user),
        "may_edit": reaches(request.user, "edit", account),
        "today": timezone.localdate(moment_of(request)),
    }
    return render(request, "crmcore/account_people.html", context)


@require_GET
@staff_page("account")
def account_dates(request: StaffRequest, pk: int) -> HttpResponse:
    """The important dates of a customer, the next ones first."""
    account = _account(request, pk)
    rows = dates_of(account, request.user, timezone.localdate(moment_of(request)))
    context = {"account": account, "rows": rows, "may_edit": reaches(request.user, "edit", account)}
    return render(request, "crmcore/account_dates.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("account", "edit")
def new_unit(request: StaffRequest, pk: int) -> HttpResponse:
    """A new unit of a customer."""
    return _edit(request, Unit(account=_editable(request, pk)), UnitForm, organisation.save_unit, PEOPLE)


@require_http_methods(["GET", "POST"])
@staff_page("account", "edit")
def edit_unit(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a unit."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user, "edit").select_related("account"), pk=pk)
    return _edit(request, unit, UnitForm, organisation.save_unit, PEOPLE, remove="crm:unit_remove")


@require_POST
@staff_page("account", "edit")
def remove_unit(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a unit away."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user, "edit").select_related("account"), pk=pk)
    organisation.remove_unit(unit, by=request.user)
    return redirect(PEOPLE, unit.account_id)


@require_http_methods(["GET", "POST"])
@staff_page("account", "edit")
def edit_place(request: StaffRequest, pk: int) -> HttpResponse:
    """Change the place of a person in a customer's organisation."""
    rows = AccountContact.objects.filter(
        account__in=Account.objects.visible_to(request.user, "edit"),
        contact__in=Contact.objects.visible_to(request.user),
    )
    membership = get_object_or_404(rows.select_related("account", "contact"), pk=pk)
    return _edit(request, membership, PlaceForm, organisation.change_place, PEOPLE, title=membership.contact.name)


@require_http_methods(["GET", "POST"])
@staff_page("account", "edit")
def new_date(request: StaffRequest, pk: int) -> HttpResponse:
    """A new important date."""
    row = ImportantDate(account=_editable(request, pk))
    return _edit(request, row, DateForm, organisation.save_date, DATES)


@require_http_methods(["GET", "POST"])
@staff_page("account", "edit")
def edit_date(request: StaffRequest, pk: int) -> HttpResponse:
    """Change an important date."""
    row = get_object_or_404(ImportantDate.objects.visible_to(request.user, "edit").select_related("account"), pk=pk)
    return _edit(request, row, DateForm, organisation.save_date, DATES, remove="crm:date_remove")


@require_POST
@staff_page("account", "edit")
def remove_date(request: StaffRequest, pk: int) -> HttpResponse:
    """Take an important date away."""
    row = get_object_or_404(ImportantDate.objects.visible_to(request.user, "edit").select_related("account"), pk=pk)
    organisation.remove_date(row, by=request.user)
    return redirect(DATES, row.account_id)


def _edit(
    request: StaffRequest,
    row: Any,
    form_class: type[ModelledForm],
    save: Any,
    home: str,
    *,
    title: str = "",
    remove: str = "",
) -> HttpResponse:
    """The form of a row that belongs to a customer; what it says goes to `save`, then back `home`."""
    initial = model_to_dict(row, form_class.order)
    form = form_class(request.POST or None, account=row.account, user=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save(row, by=request.user, **form.cleaned_data)
            return redirect(home, row.account_id)
        except ValidationError as refused:
            form.show_refusal(refused)
    context = {"form": form, "account": row.account, "row": row, "home": home, "remove": remove}
    context["title"] = title or str(row)
    return render(request, "crmcore/organisation_form.html", context, status=422 if form.errors else 200)


def _account(request: StaffRequest, pk: int) -> Account:
    return get_object_or_404(Account.objects.visible_to(request.user).filter(merged_into=None), pk=pk)


def _editable(request: StaffRequest, pk: int) -> Account:
    account = _account(request, pk)
    require_reach(request.user, "edit", account)
    return account
