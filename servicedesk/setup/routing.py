"""Which queues give out their tickets by themselves: the settings page."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from crmcore.models import Queue, User
from servicedesk.setup.access import opens_with
from tickets.actions.routing import set_routing
from tickets.models import TicketRouting
from tickets.queries.capacity import unclaimed


class RoutingForm(forms.Form):
    """How one queue gives out its tickets."""

    order = forms.ChoiceField(choices=[("", _("Left to people")), *TicketRouting.Order.choices], required=False)
    only_ready = forms.BooleanField(required=False)

    def __init__(self, queue: Queue, data: Any) -> None:
        stored: TicketRouting | None = getattr(queue, "ticket_routing", None)
        initial = {"order": stored.order if stored else "", "only_ready": stored is None or stored.only_ready}
        super().__init__(data, prefix=f"queue-{queue.pk}", initial=initial)
        names = {"order": _("How tickets of %(queue)s are given out"), "only_ready": _("%(queue)s: only who is ready")}
        for name, label in names.items():
            self.fields[name].widget.attrs["aria-label"] = label % {"queue": queue.label}
        self.fields["order"].widget.attrs["class"] = "sd-input"


@dataclass(frozen=True)
class Row:
    queue: Queue
    form: RoutingForm
    waiting: int


@require_http_methods(["GET", "POST"])
@opens_with("setup:routing")
def routing(request: HttpRequest) -> HttpResponse:
    """Read and save how each queue does it."""
    rows = _rows(request.POST or None)
    # All are asked, so that each says what is wrong with it.
    valid = [row.form.is_valid() for row in rows] if request.method == "POST" else []
    if valid and all(valid):
        assert isinstance(request.user, User)
        _save(rows, by=request.user)
        messages.success(request, gettext("Saved"))
        return redirect("setup:routing")
    return render(request, "servicedesk/setup/routing.html", {"rows": rows}, status=422 if valid else 200)


def _rows(data: Any) -> list[Row]:
    of_queue = unclaimed().order_by().filter(queue=OuterRef("pk")).values("queue").annotate(n=Count("pk"))
    queues = Queue.objects.select_related("ticket_routing").annotate(waiting=Subquery(of_queue.values("n")))
    return [Row(queue, RoutingForm(queue, data), queue.waiting or 0) for queue in queues.order_by("position", "pk")]


@transaction.atomic
def _save(rows: list[Row], *, by: User) -> None:
    for row in rows:
        if row.form.has_changed():
            set_routing(
                row.queue, row.form.cleaned_data["order"], only_ready=row.form.cleaned_data["only_ready"], by=by
            )
