"""The customer's requests: all of them, one of them, and what can be said and done there."""

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore import clock
from servicedesk.portal import once
from servicedesk.portal.files import sent_files
from servicedesk.portal.forms import RatingForm, ReplyForm
from servicedesk.portal.frame import contact_of, customer, customer_page, page
from servicedesk.portal.merged_requests import now_read_in, with_their_standing
from servicedesk.portal.requests import conversation, open_requests, request_page, requests_of
from servicedesk.portal.surveys import asked
from servicedesk.portal.throttle import REPLIES
from servicedesk.portal.views.home import OPEN_REQUESTS
from servicedesk.portal.wording import standing
from tickets.actions.files import FileRefused, enclose
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import rate_ticket, reopen_ticket, resolve_ticket
from tickets.actions.moves import WrongMove
from tickets.mail.mime import MailFile
from tickets.models import Interaction, Ticket
from tickets.queries.fields import shown_fields


@customer_page
def request_list(request: HttpRequest) -> HttpResponse:
    """`/portal/requests/`: newest event first, page by page."""
    shown = request_page(customer(request), clock.now(), request.GET.get("at", ""))
    return page(request, "request_list.html", {"section": "requests", "shown": shown})


@customer_page
def open_list(request: HttpRequest) -> HttpResponse:
    """The open requests of the first page, fetched again when one of them changed."""
    found = open_requests(customer(request), clock.now(), limit=OPEN_REQUESTS)
    return page(request, "_open_requests.html", {"requests": found})


@customer_page
def request(request: HttpRequest, number: str) -> HttpResponse:
    """One request: who has it, what was said, what the customer can do; or the one in which it went on."""
    into = now_read_in(customer(request), number)
    if into is not None:
        return _back_to(into)
    ticket = _own(request, number)
    return page(request, "request.html", {"section": "requests", **_context(request, ticket)})


@customer_page
def band(request: HttpRequest, number: str) -> HttpResponse:
    """The band that says who has the ball."""
    return page(request, "_band.html", _context(request, _own(request, number)))


@customer_page
def messages(request: HttpRequest, number: str) -> HttpResponse:
    """The conversation."""
    return page(request, "_messages.html", _context(request, _own(request, number)))


@require_POST
@customer_page
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Add words to a request; after it was solved they take it up again, or begin one that follows it."""
    ticket, form = _own(request, number), ReplyForm(request.POST)
    files, problem = _read(request, form)
    if problem:
        context = {**_context(request, ticket), "problem": problem, "written": request.POST.get("body", "")}
        return page(request, "request.html", {"section": "requests", **context}, status=422)
    entry = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=contact_of(customer(request)),
        channel=Interaction.Channel.PORTAL,
        direction=Interaction.Direction.IN,
        body=form.cleaned_data["body"],
        is_public=True,
        by=customer(request),
        reference=f"portal:{form.cleaned_data['once']}",
    )
    if files and not entry.attachments.exists():
        enclose(entry, files)
    return _back_to(ticket if ticket.merges_away.filter(undone_at=None).exists() else entry.ticket or ticket, "reply")


def _read(request: HttpRequest, form: ReplyForm) -> tuple[list[MailFile], str]:
    """The files of a reply, and what stands in its way."""
    if not form.is_valid():
        return [], _("Write a few words first")
    if REPLIES.is_used_up(request):
        return [], _("That is a lot of messages in one hour. Please wait a little, or call us")
    try:
        return sent_files(request), ""
    except FileRefused as refusal:
        return [], str(refusal)


@require_POST
@customer_page
def solved(request: HttpRequest, number: str) -> HttpResponse:
    """The customer says that it works."""
    ticket = _own(request, number)
    try:
        ticket = resolve_ticket(ticket, by=customer(request))
    except WrongMove as refusal:
        if ticket.merges_away.filter(undone_at=None).exists():
            return _together(request, ticket)
        notices.error(request, str(refusal))
        return _back_to(ticket)
    notices.success(request, _("Good to hear. You can still write here if it comes back"))
    return _back_to(ticket)


@require_POST
@customer_page
def reopen(request: HttpRequest, number: str) -> HttpResponse:
    """The customer says that it is not solved; after too long a new request follows the old one."""
    ticket = _own(request, number)
    try:
        ticket = reopen_ticket(ticket, by=customer(request))
    except WrongMove:
        return _together(request, ticket)
    notices.success(request, _("We take it up again. Tell us below what is still wrong"))
    return _back_to(ticket)


@require_POST
@customer_page
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """One tap, 1 to 5; words can follow and replace nothing."""
    ticket, form = _own(request, number), RatingForm(request.POST)
    if form.is_valid():
        comment = form.cleaned_data["comment"] or ticket.rating_comment
        try:
            ticket = rate_ticket(ticket, by=customer(request), score=form.cleaned_data["score"], comment=comment)
        except WrongMove as refusal:
            notices.error(request, str(refusal))
    if request.headers.get("HX-Request"):
        return page(request, "_rating.html", _context(request, ticket))
    return _back_to(ticket, "rating")


def _own(request: HttpRequest, number: str) -> Ticket:
    found = requests_of(customer(request)).select_related("account").filter(number=number).first()
    if found is None:
        raise Http404(number)
    return with_their_standing([found])[0]


def _together(request: HttpRequest, ticket: Ticket) -> HttpResponse:
    notices.error(request, _("We handle this together with another request. Write to us below"))
    return _back_to(ticket)


def _context(request: HttpRequest, ticket: Ticket) -> dict[str, object]:
    now = clock.now()
    return {
        "ticket": ticket,
        "standing": standing(ticket, now),
        "messages_shown": conversation(ticket, customer(request)),
        "is_merged": ticket.merges_away.filter(undone_at=None).exists(),
        "own_fields": shown_fields(ticket, for_customer=True),
        "may_reopen": ticket.may_be_reopened(now),
        "once": once.fresh(),
        **asked(ticket),
    }


def _back_to(ticket: Ticket, place: str = "") -> HttpResponse:
    where = reverse("portal:request", args=[ticket.number])
    return redirect(f"{where}#{place}" if place else where)
