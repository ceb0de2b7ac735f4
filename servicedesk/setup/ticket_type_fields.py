"""Which fields a type of tickets asks for, in which order and when."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crmcore.models import User
from servicedesk.setup.access import opens_with
from tickets.actions.field_setup import attach_field, detach_field, move_field, require_field
from tickets.models import TicketField, TicketType, TypeField

opens = opens_with("setup:ticket_types")


@opens
@require_http_methods(["GET", "POST"])
def type_fields(request: HttpRequest, pk: int) -> HttpResponse:
    """The fields of one type; POST puts another one at the end."""
    kind = get_object_or_404(TicketType, pk=pk)
    if request.method == "POST":
        chosen = request.POST.get("field", "")
        field = get_object_or_404(TicketField, pk=chosen if chosen.isdecimal() else 0, is_active=True)
        attach_field(kind, field, by=_person(request))
        return redirect("setup:type_fields", pk)
    attached = kind.type_fields.filter(field__is_active=True).select_related("field")
    context = {
        "kind": kind,
        "attached": list(attached),
        "others": TicketField.objects.filter(is_active=True).exclude(type_fields__type=kind),
        "when": TypeField.Required.choices,
    }
    return render(request, "servicedesk/setup/type_fields.html", context)


@opens
@require_POST
def change_field(request: HttpRequest, pk: int, field_id: int) -> HttpResponse:
    """Move a field up or down, say when it is required, or take it off the type."""
    row = get_object_or_404(TypeField, type=pk, field=field_id)
    by, ask = _person(request), request.POST
    if "remove" in ask:
        detach_field(row, by=by)
    elif ask.get("to") in ("up", "down"):
        move_field(row, by=by, up=ask["to"] == "up")
    elif ask.get("required", "?") in TypeField.Required.values:
        require_field(row, ask["required"], by=by)
        messages.success(request, _("Saved"))
    return redirect("setup:type_fields", pk)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
