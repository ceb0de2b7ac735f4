"""What the desk and its customers call each status, under what it means."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crmcore.forms.dressing import dressed
from crmcore.models import User
from servicedesk.setup.access import opens_with
from tickets.actions.field_setup import Refused, move_status, retire_status, save_status
from tickets.models import Category, TicketStatus
from tickets.queries.approvals import approval_plans

opens = opens_with("setup:ticket_statuses")


class StatusForm(forms.ModelForm):  # type: ignore[type-arg]
    """One status."""

    category = forms.ChoiceField(
        label=_("Meaning"),
        choices=Category.choices,
        help_text=_("What clocks and lists take it for; it stays while tickets stand in this status."),
    )

    class Meta:
        model = TicketStatus
        fields = ("name", "name_zh", "category", "portal_name", "portal_name_zh", "approval")
        labels = {
            "name": _("Name"),
            "name_zh": _("Chinese name"),
            "portal_name": _("Wording for customers"),
            "portal_name_zh": _("Chinese wording for customers"),
            "approval": _("Approval that must come first"),
        }
        help_texts = {
            "name": _("What colleagues read."),
            "name_zh": _("What they read in Chinese; empty means the same name."),
            "portal_name": _("What customers read on the portal, such as who has the ball."),
            "portal_name_zh": _("What they read in Chinese; empty means the same wording."),
            "approval": _("Nobody of the desk moves a ticket here without it, if the plan is meant for the ticket."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        approval = self.fields["approval"]
        assert isinstance(approval, forms.ModelChoiceField)
        approval.queryset, approval.empty_label = approval_plans(), _("None")
        for field in self.fields.values():
            dressed(field)


@opens
@require_GET
def status_list(request: HttpRequest) -> HttpResponse:
    """Every status under its meaning."""
    rows = list(TicketStatus.objects.all())
    sections = [
        (meaning, [row for row in rows if row.category == meaning and not row.is_retired]) for meaning in Category
    ]
    retired = [row for row in rows if row.is_retired]
    return render(request, "servicedesk/setup/ticket_statuses.html", {"sections": sections, "retired": retired})


@opens
@require_http_methods(["GET", "POST"])
def edit_status(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    stored = get_object_or_404(TicketStatus, pk=pk) if pk else None
    form = StatusForm(request.POST or None, instance=stored or TicketStatus())
    if request.method == "POST" and form.is_valid():
        try:
            save_status(form.instance, by=_person(request))
        except Refused as reason:
            form.add_error("category", str(reason))
        else:
            messages.success(request, _("Saved"))
            return redirect("setup:ticket_statuses")
    title = TicketStatus.objects.get(pk=pk).label if pk else _("New status")
    status = 422 if request.method == "POST" else 200
    return render(request, "servicedesk/setup/ticket_status.html", {"form": form, "title": title}, status=status)


@opens
@require_POST
def change_status(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a status up or down, retire it or take it back."""
    row, by = get_object_or_404(TicketStatus, pk=pk), _person(request)
    try:
        if request.POST.get("to") in ("up", "down"):
            move_status(row, by=by, up=request.POST["to"] == "up")
        elif "retired" in request.POST:
            retire_status(row, by=by, retired=request.POST["retired"] == "1")
    except Refused as reason:
        messages.error(request, str(reason))
    return redirect("setup:ticket_statuses")


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user
