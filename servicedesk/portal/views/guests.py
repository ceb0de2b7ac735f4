"""The one request that somebody without an account opened by a code: reading, answering, deciding."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from servicedesk.middleware import zone_of
from servicedesk.portal.forms import ContestForm, WithdrawForm
from servicedesk.portal.frame import page
from servicedesk.portal.guests import go_on_with, guest_ticket
from servicedesk.portal.merged_requests import said_to_guest, with_their_standing
from servicedesk.portal.request_page import is_merged, request_parts
from servicedesk.portal.requests import messages_of
from servicedesk.portal.views.requests import read_reply
from servicedesk.portal.views.verdicts import contest_page, problem_of, refuse, withdraw_page
from tickets.actions.files import enclose
from tickets.actions.interactions import log_interaction
from tickets.actions.moves import WrongMove
from tickets.actions.verdicts import confirm_solution, contest_solution, withdraw_request
from tickets.models import Attachment, Interaction, Ticket
from tickets.views.files import handed_out

DOORS = {
    name: f"portal:guest-{name}"
    for name in ("band", "messages", "verdict", "acts", "file", "reply", "solved", "contest", "withdraw")
} | {"page": "portal:guest-request"}
View = Callable[..., HttpResponse]


def guest_page(view: View) -> View:
    """Pass the request that this browser may see; anybody else begins with number and address."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, number: str, **more: object) -> HttpResponse:
        ticket = guest_ticket(request, number)
        if ticket is None:
            return redirect(f"{reverse('portal:track')}?number={number}")
        return view(request, with_their_standing([ticket])[0], **more)

    return guarded


@guest_page
def request(request: HttpRequest, ticket: Ticket, part: str = "request.html") -> HttpResponse:
    """The whole page, or one of its fragments."""
    return page(request, part, guest_context(ticket))


@require_POST
@guest_page
def reply(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """Words and files of the guest."""
    form, files, problem = read_reply(request)
    if problem:
        context = {**guest_context(ticket), "problem": problem, "written": request.POST.get("body", "")}
        return page(request, "request.html", context, status=422)
    entry = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=ticket.contact,
        channel=Interaction.Channel.PORTAL,
        direction=Interaction.Direction.IN,
        body=form.cleaned_data["body"],
        is_public=True,
        by=None,
        reference=f"guest:{form.cleaned_data['once']}",
    )
    if files and not entry.attachments.exists():
        enclose(entry, files)
    return _go_on(request, ticket, entry)


@require_POST
@guest_page
def solved(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The guest says that it works."""
    try:
        confirm_solution(ticket, by=None, was_solved=request.POST.get("was") == "solved")
    except WrongMove as refusal:
        return refuse(request, refusal, _back_to(ticket))
    notices.success(request, _("Good to hear. You can still write here if it comes back"))
    return _back_to(ticket)


@guest_page
def contest(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The guest says what is still wrong."""
    if request.method != "POST":
        return page(request, "request_decide.html", contest_page(ticket) | {"doors": DOORS})
    form = ContestForm(request.POST)
    problem = problem_of(request, form)
    if problem:
        context = contest_page(ticket, problem, request.POST.get("reason", "")) | {"doors": DOORS}
        return page(request, "request_decide.html", context, status=422)
    reason, reference = form.cleaned_data["reason"], f"guest:{form.cleaned_data['once']}"
    entry = contest_solution(ticket, by=None, contact=ticket.contact, reason=reason, reference=reference)
    notices.success(request, _("We take it up again and have your words"))
    return _go_on(request, ticket, entry)


@guest_page
def withdraw(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    """The guest needs it no more."""
    if request.method != "POST":
        return page(request, "request_decide.html", withdraw_page(ticket) | {"doors": DOORS})
    form = WithdrawForm(request.POST)
    try:
        withdraw_request(ticket, by=None, reason=form.cleaned_data["reason"] if form.is_valid() else "")
    except WrongMove as refusal:
        return refuse(request, refusal, _back_to(ticket))
    notices.success(request, _("You withdrew this request. Nothing more happens with it"))
    return _back_to(ticket)


@guest_page
def file(request: HttpRequest, ticket: Ticket, public_id: UUID) -> HttpResponse:
    """A file of a message that the guest may read."""
    readable = said_to_guest(ticket).filter(is_public=True).values("pk")
    found = Attachment.objects.filter(public_id=public_id, is_program=False, interaction__in=readable).first()
    if found is None:
        raise Http404(str(public_id))
    return handed_out(found)


def guest_context(ticket: Ticket) -> dict[str, object]:
    """What a guest reads of the request."""
    parts = request_parts(ticket, messages_of(said_to_guest(ticket), ticket.contact_id), DOORS)
    return parts | {"is_guest": True, "zone": zone_of(ticket.contact.time_zone) if ticket.contact else None}


def _go_on(request: HttpRequest, ticket: Ticket, entry: Interaction) -> HttpResponse:
    """Back to the request, or on to the one that follows it; never into somebody else's."""
    if entry.ticket is None or entry.ticket == ticket or is_merged(ticket):
        return _back_to(ticket)
    go_on_with(request, entry.ticket)
    return _back_to(entry.ticket)


def _back_to(ticket: Ticket) -> HttpResponse:
    return redirect("portal:guest-request", ticket.number)
