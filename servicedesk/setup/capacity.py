"""How many tickets people may have in hand: the settings page."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from crmcore.forms.dressing import DressedForm, dressed
from crmcore.models import Role, User
from servicedesk.setup.access import opens_with
from tickets.actions.taking import set_capacity
from tickets.models import TicketCapacity
from tickets.models.capacity import USUAL


class CapacityForm(DressedForm):
    """The desk's limit, and those of roles that have their own."""

    desk = forms.IntegerField(
        label=_("Tickets in hand at once"),
        min_value=1,
        max_value=99,
        help_text=_(
            "Who has as many that wait for us can take no next one. Calls weigh whole: no tickets beside a call, and "
            "tickets never keep a call away."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for role in working_roles():
            field = forms.IntegerField(
                label=role.label,
                min_value=1,
                max_value=99,
                required=False,
                help_text=_("For people of this role; empty means the limit of the desk."),
            )
            dressed(field)
            self.fields[f"role_{role.pk}"] = field

    def limits(self) -> dict[int | None, int | None]:
        """By the id of the role, None for the desk."""
        limits: dict[int | None, int | None] = {None: self.cleaned_data["desk"]}
        for role in working_roles():
            limits[role.pk] = self.cleaned_data[f"role_{role.pk}"]
        return limits


def working_roles() -> list[Role]:
    """Roles of staff who work on tickets."""
    return list(Role.objects.filter(grants__noun="ticket", grants__action="assign").distinct().order_by("pk"))


@require_http_methods(["GET", "POST"])
@opens_with("setup:capacity")
def capacity(request: HttpRequest) -> HttpResponse:
    """Read and save the limits."""
    stored: dict[int | None, int] = dict(TicketCapacity.objects.values_list("role_id", "at_once"))
    initial = {"desk": stored.pop(None, USUAL), **{f"role_{role_id}": at_once for role_id, at_once in stored.items()}}
    form = CapacityForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        assert isinstance(request.user, User)
        set_capacity(form.limits(), by=request.user)
        messages.success(request, gettext("Saved"))
        return redirect("setup:capacity")
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/answering.html", {"form": form}, status=status)
