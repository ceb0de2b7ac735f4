"""Rather be called than wait: the customer leaves the line and keeps the place in it."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from crmcore.models import User
from servicedesk.portal import calls as own_calls
from servicedesk.portal.callbacks import callback_context, own_callback
from servicedesk.portal.frame import customer, customer_page, page
from telephony.actions.callbacks import request_callback, withdraw_callback
from telephony.actions.transitions import MovedOn
from telephony.dial_rules import DialRefused


@customer_page
def standing(request: HttpRequest) -> HttpResponse:
    """The fragment: the promise, or the button that asks for one."""
    return _fragment(request, customer(request))


@require_POST
@customer_page
def ask(request: HttpRequest) -> HttpResponse:
    """Leave the line and be called. What cannot be promised is said, and the wait goes on."""
    user = customer(request)
    call, problem = own_calls.live_call(user), ""
    if call is not None:
        try:
            request_callback(call.pk)
        except DialRefused as refused:
            problem = str(refused.refusal.label)
        except MovedOn:
            problem = ""
    return _fragment(request, user, problem)


@require_POST
@customer_page
def withdraw(request: HttpRequest) -> HttpResponse:
    """The customer needs no call any more."""
    user = customer(request)
    callback = own_callback(user)
    if callback is not None:
        withdraw_callback(callback)
    return _fragment(request, user)


def _fragment(request: HttpRequest, user: User, problem: str = "") -> HttpResponse:
    context = {**callback_context(user, own_calls.live_call(user)), "problem": problem}
    return page(request, "_call_back.html", context)
