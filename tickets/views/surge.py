"""Waves of repairs: where, how strong, and what to do with all of their tickets at once."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crmcore.clock import now
from crmcore.views.requests import StaffRequest, staff_page
from tickets.actions.common_cause import tie_to_problem
from tickets.models import FieldTerms, Ticket
from tickets.queries.repeats import REPORT_DAYS, often_repaired, per_hundred_households
from tickets.queries.surge import WAYS, surges, tickets_at

MOST = 200


@require_GET
@staff_page("ticket")
def surge(request: StaffRequest) -> HttpResponse:
    """`/field/surge/?by=estate`: what comes more often than usual."""
    way = _way(request.GET.get("by", "estate"))
    ways = [(code, label) for code, (label, _path, _model) in WAYS.items()]
    context = {"places": surges(request.user, way, now()), "way": way, "ways": ways}
    return render(request, "tickets/field/surge.html", context)


@require_GET
@staff_page("ticket")
def repeats(request: StaffRequest) -> HttpResponse:
    """`/field/repeats/`: products that were reported again, and repairs for each hundred households of an estate."""
    days, at = FieldTerms.current().repeat_days, now()
    context = {
        "products": often_repaired(request.user, at, days),
        "estates": per_hundred_households(request.user, at),
        "days": days,
        "months": REPORT_DAYS // 30,
    }
    return render(request, "tickets/field/repeats.html", context)


@require_GET
@staff_page("ticket")
def place(request: StaffRequest, way: str, pk: int) -> HttpResponse:
    """The open tickets of one place, to be changed together or tied to one cause."""
    found = _named(way, pk)
    rows = list(tickets_at(request.user, way, pk).defer("search")[:MOST])
    context = {
        "name": found,
        "way": way,
        "pk": pk,
        "tickets": rows,
    }
    return render(request, "tickets/field/surge_place.html", context)


@require_POST
@staff_page("ticket", "edit")
def tie(request: StaffRequest, way: str, pk: int) -> HttpResponse:
    """Say that the open tickets of a place have one cause: the ticket of the problem."""
    _named(way, pk)
    number = request.POST.get("problem", "").strip()
    problem = Ticket.objects.visible_to(request.user).filter(number__iexact=number).first()
    if problem is None:
        messages.error(request, _("There is no ticket %(number)s.") % {"number": number})
        return redirect("field:surge_place", way, pk)
    tied, left = tie_to_problem(tickets_at(request.user, way, pk)[:MOST], problem, by=request.user)
    facts = {"tied": tied, "number": problem.number, "left": left}
    messages.success(request, _("%(tied)d tickets are tied to %(number)s, %(left)d are not.") % facts)
    return redirect("field:surge_place", way, pk)


def _way(code: str) -> str:
    if code not in WAYS:
        raise Http404(code)
    return code


def _named(way: str, pk: int) -> str:
    found = WAYS[_way(way)][2]._default_manager.filter(pk=pk).first()
    if found is None:
        raise Http404(str(pk))
    return str(found)
