"""The desk's own fields on a ticket's page: read in the side panel, changed in place."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, number_in, staff_page, wants_fragment
from tickets.actions.changing import StaleTicket
from tickets.actions.fields import BadFields, set_fields
from tickets.field_forms import FieldsForm
from tickets.models import Ticket, TicketType
from tickets.queries.fields import fields_of, shown_fields
from tickets.queries.stages import fields_on_opening
from tickets.views.lookup import found_ticket


@require_GET
@staff_page("ticket")
def fields(request: StaffRequest, number: str) -> HttpResponse:
    """What stands in the fields."""
    return _read(request, found_ticket(request, number))


@staff_page("ticket", "edit")
def edit_fields(request: StaffRequest, number: str) -> HttpResponse:
    """GET shows the form; POST keeps what was filled in, unless somebody changed the same meanwhile."""
    ticket = found_ticket(request, number, "edit")
    asked = list(fields_of(ticket.type))
    if request.method != "POST":
        return _form(request, ticket, FieldsForm(asked, user=request.user, values=ticket.fields))
    form = FieldsForm(asked, request.POST, user=request.user, values=ticket.fields)
    seen = request.POST.get("seen_seq", "")
    if form.is_valid():
        changed = {name.removeprefix("field_") for name in form.changed_data}
        values = {code: value for code, value in form.values().items() if code in changed}
        try:
            set_fields(ticket, values, by=request.user, seen_seq=int(seen) if seen.isdecimal() else None)
        except BadFields as refused:
            form.show_problems(refused)
        except StaleTicket:
            form.add_error(None, _("Somebody else has changed this meanwhile. Save again to replace what they wrote."))
            return _form(request, found_ticket(request, number), form)
        else:
            found = found_ticket(request, number)
            return _read(request, found) if wants_fragment(request) else redirect(found)
    return _form(request, ticket, form)


@require_GET
@staff_page("ticket", "create")
def asked_fields(request: StaffRequest) -> HttpResponse:
    """The fields that a new ticket of the chosen type asks for."""
    kind = TicketType.objects.filter(pk=number_in(request, "type") or 0).first()
    form = FieldsForm(fields_on_opening(kind) if kind else [], user=request.user, initial=request.GET.dict())
    return render(request, "tickets/_asked_fields.html", {"fields_form": form})


def _read(request: StaffRequest, ticket: Ticket) -> HttpResponse:
    context = {"ticket": ticket, "shown": shown_fields(ticket), "may_fill": reaches(request.user, "edit", ticket)}
    return render(request, "tickets/_fields.html", context)


def _form(request: StaffRequest, ticket: Ticket, form: FieldsForm) -> HttpResponse:
    template = "tickets/_fields_form.html" if wants_fragment(request) else "tickets/fields.html"
    status = 422 if form.errors and not wants_fragment(request) else 200
    return render(request, template, {"ticket": ticket, "form": form}, status=status)
