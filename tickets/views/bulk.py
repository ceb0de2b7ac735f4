"""Changing the chosen tickets of a list, how far it got, and undoing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from crmcore.clock import now
from crmcore.models import User
from crmcore.permissions import may
from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions import bulk
from tickets.actions.steps import KINDS
from tickets.models import BulkChange, BulkItem, Ticket
from tickets.queries.bulk import latest, progress_of
from tickets.queries.saved_views import tickets_in, views_of

LISTED = 200


@staff_page("ticket")
@require_POST
def change(request: StaffRequest) -> HttpResponse:
    """Begin to change the ticked tickets, or with `whole` all that the view holds."""
    steps = _steps(request.POST)
    try:
        bulk.change_many(_chosen(request), steps, by=request.user)
    except bulk.Refused as reason:
        messages.error(request, str(reason))
    return redirect(f"{reverse('tickets:list')}?{request.POST.get('back', '')}")


@staff_page("ticket", "edit")
def choices(request: StaffRequest) -> HttpResponse:
    """What may be done to many tickets at once, with the choices of each; fetched when the first one is ticked."""
    user = request.user
    kinds = [(kind, kind.choices()) for kind in KINDS.values() if kind.choices and may(user, "ticket", kind.action)]
    return render(request, "tickets/_bulk_choices.html", {"kinds": kinds})


@staff_page("ticket")
def strip(request: StaffRequest) -> HttpResponse:
    """The reader's last change above the list, refetched while it runs."""
    return render(request, "tickets/_bulk_strip.html", {"progress": latest(request.user, now())})


@staff_page("ticket")
def progress(request: StaffRequest, pk: int) -> HttpResponse:
    """What became of each ticket of a change; only for whoever began it."""
    found = _own(request.user, pk)
    left_out = (BulkItem.State.SKIPPED, BulkItem.State.KEPT)
    items = found.items.filter(state__in=left_out).select_related("ticket").defer("ticket__search").order_by("pk")
    context = {"progress": progress_of(found), "items": items[:LISTED]}
    return render(request, "tickets/bulk.html", context)


@staff_page("ticket")
@require_POST
def undo(request: StaffRequest, pk: int) -> HttpResponse:
    bulk.undo(_own(request.user, pk), by=request.user)
    return redirect("tickets:bulk_change", pk)


def _own(user: User, pk: int) -> BulkChange:
    return get_object_or_404(BulkChange, pk=pk, by=user)


def _steps(data: QueryDict) -> list[list[Any]]:
    """`status:3` as a step, and the note where one was typed."""
    code, _, value = data.get("step", "").partition(":")
    note = data.get("note", "").strip()
    return [*([[code, value]] if value else []), *([["note", note]] if note else [])]


def _chosen(request: StaffRequest) -> list[int]:
    user, data = request.user, request.POST
    if data.get("whole"):
        view = next((one for one in views_of(user) if one.key == data.get("view")), None)
        rows = tickets_in(view, user, now()) if view else Ticket.objects.none()
        return list(rows.order_by().values_list("pk", flat=True)[: bulk.MOST + 1])
    ids = [int(pk) for pk in data.getlist("ticket") if pk.isascii() and pk.isdecimal()]
    return list(Ticket.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True))
