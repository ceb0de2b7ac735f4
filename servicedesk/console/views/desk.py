"""The console page and its live regions."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from crmcore.models import User
from crmcore.models.presence import Chosen, PhoneFault
from crmcore.queries.presence import is_away_reason
from crmcore.views.requests import StaffRequest, moment_of, staff_page
from servicedesk.console.bar import bar_context, depth_context
from servicedesk.console.between import Between, between_calls
from servicedesk.console.campaign import campaign_desk
from servicedesk.console.chats import chat_list
from servicedesk.console.desk import Desk, desk_of
from servicedesk.console.views.customers import side_context
from servicedesk.console.worklist import WorkList, my_tickets, unfinished, work_list
from telephony.actions import readiness
from tickets.actions.taking import NothingTaken, take_next


@staff_page("call")
def home(request: StaffRequest) -> HttpResponse:
    """The one page of a shift."""
    user, now, desk = request.user, moment_of(request), desk_of(request.user)
    listed = work_list(user, now)
    day = between_calls(user, now, mine=listed.tickets, left_open=listed.unfinished)
    context = {
        **side_context(request, user, desk),
        **_list_context(user, listed),
        **_between_context(user, now, desk, day),
    }
    return render(request, "servicedesk/console/home.html", context)


@staff_page("account")
def bar(request: StaffRequest) -> HttpResponse:
    return render(request, "servicedesk/console/_bar.html", bar_context(request.user))


@staff_page("account")
def depth(request: StaffRequest) -> HttpResponse:
    return render(request, "servicedesk/console/_depth.html", depth_context(request.user))


@staff_page("call")
def worklist(request: StaffRequest) -> HttpResponse:
    listed = work_list(request.user, moment_of(request))
    return render(request, "servicedesk/console/_list.html", _list_context(request.user, listed))


@require_POST
@staff_page("ticket")
def take(request: StaffRequest) -> HttpResponse:
    """Take the next ticket; the answer says which tab to open, or why there is none."""
    try:
        ticket = take_next(by=request.user)
    except NothingTaken as nothing:
        return JsonResponse({"title": str(nothing.reason.label), "reason": nothing.reason.value}, status=409)
    return JsonResponse({"id": str(ticket.pk), "url": reverse("console:ticket", args=[ticket.pk])})


@staff_page("call")
def between(request: StaffRequest) -> HttpResponse:
    user, now = request.user, moment_of(request)
    day = between_calls(user, now, mine=my_tickets(user, now), left_open=unfinished(user))
    return render(request, "servicedesk/console/_between.html", _between_context(user, now, desk_of(user), day))


@require_POST
@staff_page("call")
def start_shift(request: StaffRequest) -> HttpResponse:
    """Begin the day, or come back from a pause of it."""
    readiness.start_shift(request.user)
    return HttpResponse(status=204)


@require_POST
@staff_page("call")
def choose(request: StaffRequest) -> HttpResponse:
    """Ready, away for a reason, or off shift; during a call it is kept for afterwards."""
    user = request.user
    chosen, aux_code = request.POST.get("chosen", ""), request.POST.get("aux_code", "")
    if chosen not in Chosen.values or not is_away_reason(aux_code):
        return HttpResponseBadRequest("unknown state")
    readiness.choose(user, chosen, aux_code=aux_code, by=user)
    return HttpResponse(status=204)


@require_POST
@staff_page("call")
def phone(request: StaffRequest) -> HttpResponse:
    """What the browser found out about its microphone and its line."""
    fault = request.POST.get("fault", "")
    if fault and fault not in PhoneFault.values:
        return HttpResponseBadRequest("unknown fault")
    readiness.report_phone(request.user, fault)
    return HttpResponse(status=204)


def _list_context(user: User, listed: WorkList) -> dict[str, Any]:
    return {"list": listed, **chat_list(user)}


def _between_context(user: User, now: datetime, desk: Desk, day: Between) -> dict[str, Any]:
    return {"user": user, "desk": desk, "day": day, "outbound": campaign_desk(user, now)}
