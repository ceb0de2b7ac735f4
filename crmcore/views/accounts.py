"""Customers: the list, and the forms of one account."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore import permissions
from crmcore.actions import customers
from crmcore.actions.contact_points import edit_points
from crmcore.forms.customers import AccountForm, initial_of
from crmcore.forms.points import point_rows, typed_points
from crmcore.models import Account
from crmcore.queries.account_list import page_of_accounts
from crmcore.queries.duplicates import profile, suspects
from crmcore.queries.regions import used_regions
from crmcore.queries.rights import require_reach
from crmcore.views.account_filters import chosen, filter_sentences, list_choices, query_of, saved_views
from crmcore.views.requests import StaffRequest, number_in, staff_page, wants_fragment


@require_GET
@staff_page("account")
def account_list(request: StaffRequest) -> HttpResponse:
    """All customers that the reader may view, filtered, by name."""
    selection = chosen(request.GET)
    page = page_of_accounts(
        request.user, selection, after=number_in(request, "after"), before=number_in(request, "before")
    )
    query = urlencode(query_of(selection), doseq=True)
    context = {
        "page": page,
        "selection": selection,
        "sentences": filter_sentences(selection),
        "views": saved_views(selection),
        "query": query,
        "may_create": permissions.may(request.user, "account", "create"),
        "kinds": Account.Kind.choices,
        "grades": Account.Grade.choices,
        "lists": list_choices(selection),
        "regions": used_regions(),
    }
    template = "crmcore/_account_rows.html" if wants_fragment(request) else "crmcore/account_list.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@staff_page("account", "create")
def new_account(request: StaffRequest) -> HttpResponse:
    """Type a new customer in; ?name= and ?phone= come filled from a call."""
    typed = {"name": request.GET.get("name", ""), "kind": request.GET.get("kind", Account.Kind.COMPANY)}
    form = AccountForm(request.POST or None, user=request.user, initial=typed)
    rows = point_rows(
        request.user,
        data=request.POST or None,
        time_zone=request.POST.get("time_zone", ""),
        typed=request.GET.get("phone", ""),
    )
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        edits = [edit for row in rows if (edit := row.edit())]
        fields = {field: value for field, value in form.cleaned_data.items() if field != "is_active"}
        points = [edit.becomes for edit in edits if edit.becomes]
        try:
            account = customers.create_account(by=request.user, points=points, **fields)
            return redirect("crm:account", account.pk)
        except ValidationError as refused:
            form.show_refusal(refused)
    return render(request, "crmcore/account_form.html", {"form": form, "rows": rows})


@require_http_methods(["GET", "POST"])
@staff_page("account", "edit")
def edit_account(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a customer."""
    account = get_object_or_404(Account.objects.visible_to(request.user), pk=pk)
    if account.merged_into_id:
        return redirect("crm:account_edit", account.merged_into_id)
    require_reach(request.user, "edit", account)
    form = AccountForm(request.POST or None, user=request.user, initial=initial_of(account))
    rows = point_rows(request.user, account, request.POST or None, time_zone=request.POST.get("time_zone", ""))
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            with transaction.atomic():
                customers.update_account(account, by=request.user, **form.cleaned_data)
                edit_points(account, [edit for row in rows if (edit := row.edit())], by=request.user)
            return redirect("crm:account", account.pk)
        except ValidationError as refused:
            form.show_refusal(refused)
    return render(request, "crmcore/account_form.html", {"form": form, "rows": rows, "account": account})


@require_POST
@staff_page("account")
def account_duplicates(request: StaffRequest) -> HttpResponse:
    """Who looks like the customer being typed in; asked for at every pause of the typing."""
    rows = point_rows(request.user, data=request.POST, time_zone=request.POST.get("time_zone", ""))
    name, points = request.POST.get("name", "").strip(), typed_points(rows)
    is_company = request.POST.get("kind") == Account.Kind.COMPANY
    region = request.POST.get("region", "")
    typed = profile(name, points, is_company=is_company, region=int(region) if region.isdecimal() else None)
    found = suspects(Account, typed, name=name, user=request.user, besides=number_in(request, "besides"))
    return render(request, "crmcore/_duplicates.html", {"suspects": found, "noun": "account"})
