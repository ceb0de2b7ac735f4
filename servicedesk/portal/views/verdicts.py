"""What only the customer can say of a request: it works, it does not, it is not needed any more."""

from django.contrib import messages as notices
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from servicedesk.portal import once
from servicedesk.portal.forms import ContestForm, WithdrawForm
from servicedesk.portal.frame import contact_of, customer, customer_page, page
from servicedesk.portal.request_page import is_merged
from servicedesk.portal.throttle import REPLIES
from servicedesk.portal.views.requests import DOORS, back_to, own_request
from tickets.actions.changing import MergedAway
from tickets.actions.moves import WrongMove
from tickets.actions.verdicts import confirm_solution, contest_solution, withdraw_request
from tickets.models import Ticket


@require_POST
@customer_page
def solved(request: HttpRequest, number: str) -> HttpResponse:
    """The customer says that it works; `was` tells how the page showed the request."""
    ticket = own_request(request, number)
    try:
        confirm_solution(ticket, by=customer(request), was_solved=request.POST.get("was") == "solved")
    except WrongMove as refusal:
        return refuse(request, refusal, back_to(ticket))
    notices.success(request, _("Good to hear. You can still write here if it comes back"))
    return back_to(ticket)


@customer_page
def contest(request: HttpRequest, number: str) -> HttpResponse:
    """The customer says what is still wrong; after too long a new request follows the old one."""
    ticket = own_request(request, number)
    if request.method != "POST":
        return page(request, "request_decide.html", contest_page(ticket) | {"doors": DOORS})
    form = ContestForm(request.POST)
    problem = problem_of(request, form)
    if problem:
        context = contest_page(ticket, problem, request.POST.get("reason", ""))
        return page(request, "request_decide.html", context | {"doors": DOORS}, status=422)
    entry = contest_solution(
        ticket,
        by=customer(request),
        contact=contact_of(customer(request)),
        reason=form.cleaned_data["reason"],
        reference=f"portal:{form.cleaned_data['once']}",
    )
    notices.success(request, _("We take it up again and have your words"))
    return back_to(ticket if is_merged(ticket) else entry.ticket or ticket)


@customer_page
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """The customer needs it no more."""
    ticket = own_request(request, number)
    if request.method != "POST":
        return page(request, "request_decide.html", withdraw_page(ticket) | {"doors": DOORS})
    form = WithdrawForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else request.POST.get("reason", "")[:300]
    try:
        withdraw_request(ticket, by=customer(request), reason=reason)
    except WrongMove as refusal:
        return refuse(request, refusal, back_to(ticket))
    notices.success(request, _("You withdrew this request. Nothing more happens with it"))
    return back_to(ticket)


def contest_page(ticket: Ticket, problem: str = "", written: str = "") -> dict[str, object]:
    """What the page shows on which a customer says what is still wrong."""
    return {
        "section": "requests",
        "ticket": ticket,
        "heading": _("It is not solved"),
        "question": _("What is still wrong?"),
        "act": _("Send"),
        "outcome": _("A person takes it up again and answers you."),
        "longest": 10_000,
        "is_needed": True,
        "once": once.fresh(),
        "problem": problem,
        "written": written,
    }


def withdraw_page(ticket: Ticket) -> dict[str, object]:
    """What the page shows on which a customer withdraws a request."""
    return {
        "section": "requests",
        "ticket": ticket,
        "heading": _("Withdraw the request"),
        "question": _("Why, if you like to tell us"),
        "act": _("Withdraw the request"),
        "outcome": _("We stop working on it at once. You can always write to us anew."),
        "longest": 300,
        "once": once.fresh(),
    }


def problem_of(request: HttpRequest, form: ContestForm) -> str:
    """What stands in the way of a contest, as a sentence."""
    if not form.is_valid():
        return str(next(iter(form.errors.values()))[0])
    if REPLIES.is_used_up(request):
        return _("That is a lot of messages in one hour. Please wait a little, or call us")
    return ""


def refuse(request: HttpRequest, refusal: WrongMove, back: HttpResponse) -> HttpResponse:
    """The sentence that says why; merged requests are not spoken of by another's number."""
    if isinstance(refusal, MergedAway):
        notices.error(request, _("We handle this together with another request. Write to us below"))
    else:
        notices.error(request, str(refusal))
    return back
