"""What is done with a lead: a contact, the signature, an end, the conversion."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crmcore.actions import lead_contacts, leads
from crmcore.actions.lead_conversion import convert_lead
from crmcore.forms.lead_contacts import ContactedForm, ConversionForm, EndForm, conversion_of
from crmcore.models import LeadState
from crmcore.models.leads import REASONS_OF
from crmcore.queries.lead_matches import matches_of
from crmcore.queries.rights import require_reach
from crmcore.views.leads import show_lead, visible_lead
from crmcore.views.requests import StaffRequest, staff_page


@require_POST
@staff_page("lead", "edit")
def contacted(request: StaffRequest, pk: int) -> HttpResponse:
    """Write a contact down."""
    lead = visible_lead(request, pk)
    form = ContactedForm(request.POST)
    if form.is_valid():
        try:
            lead_contacts.log_contact(lead, by=request.user, **form.fields_for_action())
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("Saved"))
            return redirect(lead)
    return show_lead(request, lead, form)


@require_POST
@staff_page("lead", "assign")
def sign(request: StaffRequest, pk: int) -> HttpResponse:
    """The supervisor's signature."""
    return redirect(lead_contacts.sign_lead(visible_lead(request, pk), by=request.user))


@require_http_methods(["GET", "POST"])
@staff_page("lead", "edit")
def end(request: StaffRequest, pk: int, state: str) -> HttpResponse:
    """Lost, or never a prospect: with the reason."""
    if state not in REASONS_OF:
        raise Http404
    lead = visible_lead(request, pk)
    require_reach(request.user, "edit", lead)
    form = EndForm(request.POST or None, state=state)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(leads.close_lead(lead, to=state, by=request.user, **form.cleaned_data))
        except ValidationError as refused:
            form.add_error(None, refused)
    context = {"lead": lead, "form": form, "is_lost": state == LeadState.LOST}
    return render(request, "crmcore/lead_end.html", context, status=422 if form.errors else 200)


@require_POST
@staff_page("lead", "edit")
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """Take it up again."""
    lead = visible_lead(request, pk)
    try:
        leads.reopen_lead(lead, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    return redirect(lead)


@require_http_methods(["GET", "POST"])
@staff_page("lead", "edit")
def convert(request: StaffRequest, pk: int) -> HttpResponse:
    """One dialog: the customers and people who may be this prospect, else new ones, and the opportunity."""
    lead = visible_lead(request, pk)
    require_reach(request.user, "edit", lead)
    if lead.state == LeadState.CONVERTED:
        return redirect(lead)
    form = ConversionForm(request.POST or None, user=request.user, initial=conversion_of(lead))
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(convert_lead(lead, form.conversion(), by=request.user))
        except ValidationError as refused:
            form.add_error(None, refused)
        except PermissionDenied:
            form.add_error(None, _("Your rights do not reach this customer. Ask who looks after it."))
    matches = matches_of(lead, request.user)
    context = {
        "lead": lead,
        "form": form,
        "matches": matches,
        "account": _chosen(form, "account", [one.customer.pk for one in matches.accounts]),
        "contact": _chosen(form, "contact", [one.customer.pk for one in matches.contacts]),
    }
    return render(request, "crmcore/lead_convert.html", context, status=422 if form.errors else 200)


def _chosen(form: ConversionForm, name: str, offered: list[int]) -> int:
    """What was chosen, at first the likeliest; 0 for a new one."""
    if form.is_bound:
        typed = form.data.get(name, "")
        return int(typed) if typed.isdecimal() else 0
    return offered[0] if offered else 0
