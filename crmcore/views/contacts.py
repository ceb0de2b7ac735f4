"""People: their page and their forms."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.actions import contact_points, customers
from crmcore.customer_groups import CONTACT_GROUPS, facts_of
from crmcore.forms.customers import ContactForm, MembershipForm, initial_of
from crmcore.forms.points import point_rows, typed_points
from crmcore.models import Account, Contact, ContactPoint
from crmcore.person_names import pinyin
from crmcore.queries.consents import history_of
from crmcore.queries.duplicates import profile, suspects
from crmcore.queries.rights import reaches, require_reach
from crmcore.views.requests import StaffRequest, number_in, staff_page

CONSENTS = 20


@require_GET
@staff_page("contact")
def contact_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: how to reach them and where they belong."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user).select_related("salutation"), pk=pk)
    if contact.merged_into_id:
        return redirect("crm:contact", contact.merged_into_id)
    accounts = Account.objects.visible_to(request.user)
    context = {
        "contact": contact,
        "spoken": pinyin(contact.name),
        "points": contact.points.order_by("kind", "-is_preferred", "pk"),
        "memberships": contact.memberships.filter(account__in=accounts).select_related("account", "account__region"),
        "may_edit": reaches(request.user, "edit", contact),
        "facts": list(facts_of(contact, CONTACT_GROUPS[0])),
        "consents": history_of(contact, most=CONSENTS),
    }
    return render(request, "crmcore/contact.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("contact", "create")
def new_contact(request: StaffRequest) -> HttpResponse:
    """Type a new person in; ?account=, ?name= and ?phone= come filled from where one was."""
    form = ContactForm(request.POST or None, initial={"name": request.GET.get("name", "")})
    account = Account.objects.visible_to(request.user, "edit").filter(pk=number_in(request, "account") or 0).first()
    place = MembershipForm(request.POST or None, user=request.user, initial={"account": account})
    rows = point_rows(
        request.user,
        data=request.POST or None,
        time_zone=request.POST.get("time_zone", ""),
        typed=request.GET.get("phone", ""),
    )
    if request.method == "POST" and form.is_valid() and place.is_valid() and rows.is_valid():
        fields = {field: value for field, value in form.cleaned_data.items() if field != "is_active"}
        points = [edit.becomes for row in rows if (edit := row.edit()) and edit.becomes]
        try:
            contact = customers.create_contact(by=request.user, points=points, **fields, **place.cleaned_data)
            home = place.cleaned_data["account"]
            return redirect("crm:account", home.pk) if home else redirect("crm:contact", contact.pk)
        except ValidationError as refused:
            form.show_refusal(refused)
    context = {"form": form, "place": place, "rows": rows, "account": account}
    return render(request, "crmcore/contact_form.html", context)


@require_http_methods(["GET", "POST"])
@staff_page("contact", "edit")
def edit_contact(request: StaffRequest, pk: int) -> HttpResponse:
    """Change a person."""
    contact = get_object_or_404(Contact.objects.visible_to(request.user), pk=pk)
    if contact.merged_into_id:
        return redirect("crm:contact_edit", contact.merged_into_id)
    require_reach(request.user, "edit", contact)
    form = ContactForm(request.POST or None, initial=initial_of(contact))
    rows = point_rows(request.user, contact, request.POST or None, time_zone=request.POST.get("time_zone", ""))
    if request.method == "POST" and form.is_valid() and rows.is_valid():
        try:
            with transaction.atomic():
                customers.update_contact(contact, by=request.user, **form.cleaned_data)
                edits = [edit for row in rows if (edit := row.edit())]
                contact_points.edit_points(contact, edits, by=request.user)
            return redirect("crm:contact", contact.pk)
        except ValidationError as refused:
            form.show_refusal(refused)
    return render(request, "crmcore/contact_form.html", {"form": form, "rows": rows, "contact": contact})


@require_POST
@staff_page("contact")
def contact_duplicates(request: StaffRequest) -> HttpResponse:
    """Who looks like the person being typed in."""
    rows = point_rows(request.user, data=request.POST, time_zone=request.POST.get("time_zone", ""))
    name, points = request.POST.get("name", "").strip(), typed_points(rows)
    typed, besides = profile(name, points), number_in(request, "besides")
    found = suspects(Contact, typed, name=name, user=request.user, besides=besides)
    return render(request, "crmcore/_duplicates.html", {"suspects": found, "noun": "contact"})


@require_POST
@staff_page("contact", "edit")
def verify_point(request: StaffRequest, pk: int) -> HttpResponse:
    """The customer has just confirmed this number or address."""
    point = get_object_or_404(ContactPoint.objects.select_related("contact", "account"), pk=pk)
    holder = contact_points.holder_of(point)
    if not reaches(request.user, "view", holder):
        return HttpResponse(status=404)
    contact_points.verify_point(point, by=request.user)
    return redirect("crm:contact" if isinstance(holder, Contact) else "crm:account", holder.pk)
