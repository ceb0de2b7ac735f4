"""Commands during a call that concern others: passing on, asking a colleague, supervising."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from crmcore.models import Queue, User
from telephony.actions import consults, parking, supervision
from telephony.actions.in_hand import Busy
from telephony.actions.outside import ask_outside
from telephony.actions.transfers import transfer_to_agent, transfer_to_queue
from telephony.actions.transitions import MovedOn
from telephony.dial_rules import DialRefused
from telephony.models import Call
from telephony.states import Supervision
from telephony.views.calls import number_in
from telephony.views.doors import done, problem, staff_command
from telephony.views.offers import joining


@staff_command
def transfer(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Pass the call on to the `queue` or `agent` of this id, or to an outside `number`, without asking first."""
    if number := request.POST.get("number", ""):
        return _call_outside(call_id, number, user, passes_on=True)
    if queue_id := number_in(request, "queue"):
        transfer_to_queue(call_id, Queue.objects.get(pk=queue_id), by=user)
        return done()
    agent = _colleague(request)
    try:
        transfer_to_agent(call_id, agent, by=user)
    except Busy as busy:
        return _busy(busy)
    return done()


@staff_command
def consult(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Ask the `agent` of this id, or whoever answers an outside `number`, in private."""
    if number := request.POST.get("number", ""):
        return _call_outside(call_id, number, user)
    try:
        consults.consult(call_id, _colleague(request), by=user)
    except Busy as busy:
        return _busy(busy)
    return done()


@staff_command
def park(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Let the caller hear music until somebody picks the call up."""
    parking.park(call_id, by=user)
    return done()


@staff_command
def pick_up(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Take a parked call; the answer has the ticket by which this browser joins."""
    try:
        call, ticket = parking.pick_up(call_id, by=user)
    except Busy:
        return problem(409, _("Be on shift, with nothing in hand, to pick a call up."), says=True)
    except MovedOn as moved:
        return problem(409, _("A colleague has picked this call up, or it is over."), says=True, state=moved.state)
    return joining(call, ticket)


@staff_command
def swap(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Speak to the other side."""
    consults.swap(call_id, by=user)
    return done()


@staff_command
def merge(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Everybody hears everybody."""
    consults.merge(call_id, by=user)
    return done()


@staff_command
def complete(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """The colleague takes over: the one of `leg`, else who came last."""
    consults.complete(call_id, by=user, leg_id=number_in(request, "leg"))
    return done()


@staff_command
def cancel(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Back to the customer alone."""
    consults.cancel_consult(call_id, by=user)
    return done()


@staff_command
def drop(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Let the colleague or outside party of `leg` go."""
    consults.drop_party(call_id, number_in(request, "leg") or 0, by=user)
    return done()


@staff_command
def leave(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Leave somebody else's call."""
    consults.leave_call(call_id, by=user)
    return done()


@staff_command
def supervise(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Listen, whisper or barge (`mode`); the answer has the ticket by which this browser joins."""
    mode = request.POST.get("mode", "")
    if mode not in Supervision.values:
        return problem(422, _("Choose how to take part."))
    try:
        ticket = supervision.supervise(call_id, Supervision(mode), by=user)
    except Busy:
        return problem(409, _("You are in a call yourself."), says=True)
    return joining(Call.objects.get(pk=call_id), ticket)


@staff_command
def take_over(request: HttpRequest, user: User, call_id: int) -> HttpResponse:
    """Go on with a call that one supervises."""
    supervision.take_over(call_id, by=user)
    return done()


def _call_outside(call_id: int, number: str, user: User, *, passes_on: bool = False) -> HttpResponse:
    try:
        ask_outside(call_id, number, by=user, passes_on=passes_on)
    except DialRefused as refused:
        return problem(422, str(refused.refusal.label), reason=refused.refusal.value)
    return done()


def _colleague(request: HttpRequest) -> User:
    return User.objects.get(pk=number_in(request, "agent") or 0, is_active=True)


def _busy(busy: Busy) -> JsonResponse:
    return problem(409, _("%(name)s is not free right now.") % {"name": busy.person.name}, says=True)
