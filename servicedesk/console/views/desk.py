"""The console page and its live regions."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.views.decorators.http import require_POST

from crmcore import clock
from crmcore.actions import presence
from crmcore.models import User
from crmcore.models.presence import Chosen
from servicedesk.console.bar import bar_context, depth_context
from servicedesk.console.between import between_calls, team_of
from servicedesk.console.desk import AWAY_REASONS, desk_of, queues_of
from servicedesk.console.doors import agent_of, staff_only
from servicedesk.console.worklist import work_list


@staff_only("call")
def home(request: HttpRequest) -> HttpResponse:
    """The one page of a shift."""
    user = agent_of(request)
    context = {"desk": desk_of(user), "team": team_of(user), **_list_context(user), **_between_context(user)}
    return render(request, "servicedesk/console/home.html", context)


@staff_only()
def bar(request: HttpRequest) -> HttpResponse:
    return render(request, "servicedesk/console/_bar.html", bar_context(agent_of(request)))


@staff_only()
def depth(request: HttpRequest) -> HttpResponse:
    return render(request, "servicedesk/console/_depth.html", depth_context(agent_of(request)))


@staff_only("call")
def worklist(request: HttpRequest) -> HttpResponse:
    return render(request, "servicedesk/console/_list.html", _list_context(agent_of(request)))


@staff_only("call")
def between(request: HttpRequest) -> HttpResponse:
    return render(request, "servicedesk/console/_between.html", _between_context(agent_of(request)))


@require_POST
@staff_only("call")
def start_shift(request: HttpRequest) -> HttpResponse:
    """Begin the day, or come back from a pause of it."""
    presence.start_shift(agent_of(request))
    return HttpResponse(status=204)


@require_POST
@staff_only("call")
def choose(request: HttpRequest) -> HttpResponse:
    """Ready, away for a reason, or off shift; during a call it is kept for afterwards."""
    user = agent_of(request)
    chosen, aux_code = request.POST.get("chosen", ""), request.POST.get("aux_code", "")
    if chosen not in Chosen.values or (aux_code and aux_code not in AWAY_REASONS):
        return HttpResponseBadRequest("unknown state")
    presence.choose(user, chosen, aux_code=aux_code, by=user)
    return HttpResponse(status=204)


def _list_context(user: User) -> dict[str, Any]:
    return {"user": user, "list": work_list(user, clock.now()), "queue_ids": queues_of(user)}


def _between_context(user: User) -> dict[str, Any]:
    return {"user": user, "desk": desk_of(user), "day": between_calls(user, clock.now())}
