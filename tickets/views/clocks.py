"""Clocks of a ticket: a due moment set by hand, and what was owed at any moment."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from crmcore.clock import now
from crmcore.forms.dressing import DressedForm
from crmcore.queries.rights import reaches
from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.due_dates import release_due, set_due
from tickets.actions.moves import WrongMove
from tickets.models import SlaClock, SlaTarget
from tickets.queries.time_travel import owed_at
from tickets.views.lookup import found_ticket


class DueForm(DressedForm):
    """Another due moment, on the reader's clock, and the reason for it."""

    due_at = forms.DateTimeField(
        label=gettext_lazy("Due"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("On your own clock. It stands through every pause until it is released."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Stands on the timeline and in the record."),
    )


@require_http_methods(["GET", "POST"])
@staff_page("ticket", "edit")
def due(request: StaffRequest, number: str, metric: str) -> HttpResponse:
    """`/tickets/KW-1/due/resolution/`: the form; posted with `release`, the policy counts again."""
    ticket = found_ticket(request, number, "edit")
    clock = ticket.clocks.filter(metric=metric, state__in=SlaClock.LIVE).first()
    if clock is None or metric == SlaTarget.Metric.PROMISE:
        raise Http404(metric)
    form = DueForm(request.POST or None, initial={"due_at": _shown(clock.due_at)})
    if request.method == "POST":
        try:
            if "release" in request.POST:
                release_due(ticket, metric, by=request.user)
                return redirect(ticket)
            if form.is_valid():
                given = form.cleaned_data
                set_due(ticket, metric, given["due_at"], reason=given["reason"], by=request.user)
                messages.success(request, _("Saved"))
                return redirect(ticket)
        except WrongMove as problem:
            form.add_error("due_at", str(problem))
    context = {"ticket": ticket, "clock": clock, "form": form}
    return render(request, "tickets/due.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@staff_page("ticket")
def owed(request: StaffRequest, number: str) -> HttpResponse:
    """`?at=2026-11-20T10:03` on the reader's clock, else now."""
    ticket = found_ticket(request, number)
    moment = _moment(request.GET.get("at", "")) or now()
    context = {
        "ticket": ticket,
        "at_text": _shown(moment),
        "owed": owed_at(ticket, moment),
        "may_export": reaches(request.user, "export", ticket),
    }
    return render(request, "tickets/owed.html", context)


def _shown(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=timezone.get_current_timezone())
    except ValueError:
        return None
