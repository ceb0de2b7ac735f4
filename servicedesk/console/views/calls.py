"""The work area during a call: panel, questions, wrap-up form."""

from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from crmcore.models import User
from crmcore.views.requests import StaffRequest, staff_page
from servicedesk.console.bar import caller_of
from servicedesk.console.call_panel import outcomes_of, question_of
from servicedesk.console.desk import desk_of
from telephony.actions.linking import register_caller
from telephony.models import Call, CallLeg
from telephony.queries.live_calls import calls_beside
from tickets.models import Ticket, TicketType
from tickets.queries import ticket_page
from tickets.views.ticket import reading_in, thread_context


@staff_page("call")
def panel(request: StaffRequest, pk: int) -> HttpResponse:
    """The call's tab: head, thread, form and note. Fetched once per call; its parts live on by themselves."""
    user = request.user
    return render(request, "servicedesk/console/_call_panel.html", _panel_context(request, _call(user, pk), user))


@staff_page("call")
def head(request: StaffRequest, pk: int) -> HttpResponse:
    """Ticket header and thread, or the question that must be answered first."""
    user = request.user
    return render(request, "servicedesk/console/_call_head.html", _panel_context(request, _call(user, pk), user))


@staff_page("call")
def wrap_up(request: StaffRequest, pk: int) -> HttpResponse:
    """The form in place of the composer, as soon as the conversation is over."""
    user = request.user
    return render(request, "servicedesk/console/_wrap_up.html", _panel_context(request, _call(user, pk), user))


@staff_page("call")
def finish(request: StaffRequest, pk: int) -> HttpResponse:
    """A conversation of the finish-later list, with its form open."""
    user = request.user
    leg = get_object_or_404(CallLeg.objects.select_related("call"), pk=pk, agent=user, is_unclassified=True)
    context = {**_panel_context(request, _call(user, leg.call_id), user), "later": True, "leg": leg}
    return render(request, "servicedesk/console/_call_panel.html", context)


@require_POST
@staff_page("contact", "create")
def register(request: StaffRequest, pk: int) -> HttpResponse:
    """Make the unknown caller a contact by name alone."""
    user, name = request.user, request.POST.get("name", "").strip()
    if name:
        register_caller(pk, by=user, name=name)
    return render(
        request,
        "servicedesk/console/_call_head.html",
        {**_panel_context(request, _call(user, pk), user), "name_missing": not name},
        status=200 if name else 422,
    )


def _call(user: User, pk: int) -> Call:
    """A call in the reader's reach, or one that the reader is in, or is being asked into."""
    calls = Call.objects.select_related("queue", "contact", "account", "ticket__status")
    near = Q(pk__in=Call.objects.visible_to(user)) | Q(pk__in=calls_beside(user))
    call: Call = get_object_or_404(calls, near, pk=pk)
    return call


def _panel_context(request: StaffRequest, call: Call, user: User) -> dict[str, Any]:
    desk = desk_of(user)
    return {
        "call": call,
        "caller": caller_of(call, user),
        "question": question_of(call, user),
        "outcomes": outcomes_of(call),
        "types": TicketType.objects.filter(is_active=True),
        "desk": desk,
        "leg": desk.leg,
        "user": user,
        **_ticket_context(request, call, user),
    }


def _ticket_context(request: StaffRequest, call: Call, user: User) -> dict[str, Any]:
    """Header and thread of the call's ticket, as on the ticket's own page; nothing where the reader may not see it."""
    if call.ticket_id is None:
        return {}
    shown_with = ("status", "type", "queue", "assignee", "account", "contact")
    rows = Ticket.objects.visible_to(user).select_related(*shown_with).defer("search")
    found = rows.filter(pk=call.ticket_id).first()
    if found is None:
        return {}
    return {"header": ticket_page.header(reading_in(request, found)), **thread_context(request, found, user)}
