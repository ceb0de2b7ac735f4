"""The live board: one page of panels, each of which can be fetched alone."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from crmcore import clock
from crmcore.models import User, Wallboard
from crmcore.models.presence import Chosen
from crmcore.permissions import require, within
from crmcore.queries.presence import away_reasons, is_away_reason
from servicedesk.supervisor import board, line, people, reach
from servicedesk.supervisor.chats import chats_now
from telephony.actions import readiness

Context = dict[str, Any]


def _queues(user: User, desks: str) -> Context:
    now = clock.now()
    rows = board.queue_rows(reach.queues_for(user, desks), now)
    late = {row.stats.queue.pk for row in rows if row.waits_too_long(now)}
    return {"rows": rows, "late": late}


def _line(user: User, desks: str) -> Context:
    queues = reach.queues_for(user, desks)
    return {"line": line.callers_in_line(user, queues), "parked": line.parked_calls(user, queues)}


def _people(user: User, desks: str) -> Context:
    on_duty = people.people_of(reach.queues_for(user, desks), clock.now())
    return {"people": on_duty, "away_reasons": away_reasons()}


def _risks(user: User, desks: str) -> Context:
    return {"risks": board.risks(user, reach.queues_for(user, desks), clock.now())}


def _alerts(user: User, desks: str) -> Context:
    now, queues = clock.now(), reach.queues_for(user, desks)
    return {"alerts": board.alerts(board.queue_rows(queues, now), board.risks(user, queues, now))}


def _chats(user: User, desks: str) -> Context:
    return {"chats": chats_now(reach.queues_for(user, desks))}


PANELS: dict[str, Callable[[User, str], Context]] = {
    "queues": _queues,
    "line": _line,
    "chats": _chats,
    "people": _people,
    "risks": _risks,
    "alerts": _alerts,
}


@login_required
@require_GET
def board_page(request: HttpRequest) -> HttpResponse:
    user, desks = _supervisor(request)
    context: Context = {"desks": desks, "wallboards": Wallboard.objects.order_by("pk")}
    for panel in PANELS.values():
        context |= panel(user, desks)
    return render(request, "servicedesk/supervisor/board.html", context)


@login_required
@require_GET
def panel(request: HttpRequest, name: str) -> HttpResponse:
    """One panel of the board, as it stands now."""
    user, desks = _supervisor(request)
    if name not in PANELS:
        raise Http404
    context = {"desks": desks} | PANELS[name](user, desks)
    return render(request, f"servicedesk/supervisor/_{name}.html", context)


@login_required
@require_POST
def set_state(request: HttpRequest, agent_id: int) -> HttpResponse:
    """Set an agent ready, away for a reason, or offline; it is audited and the agent sees who did it."""
    user, _desks = _supervisor(request)
    chosen, aux_code = request.POST.get("chosen", ""), request.POST.get("aux_code", "")
    if chosen not in Chosen.values or not is_away_reason(aux_code):
        return HttpResponseBadRequest("unknown state")
    agents = User.objects.filter(within(user, "user", "edit", owner="pk", team="teams")).distinct()
    readiness.choose(get_object_or_404(agents, pk=agent_id), chosen, aux_code=aux_code, by=user)
    return HttpResponse(status=204)


def _supervisor(request: HttpRequest) -> tuple[User, str]:
    user = request.user
    assert isinstance(user, User)
    require(user, "board", "view")
    desks = request.GET.get("desks", "")
    return user, desks if desks in (reach.LED, reach.ALL) else reach.default_desks(user)
