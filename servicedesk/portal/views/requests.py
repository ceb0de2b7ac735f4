"""The customer's requests: all of them, one of them, and what can be said and done there."""

from django.contrib import messages as notices
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore import clock
from servicedesk.portal.forms import RatingForm, ReplyForm
from servicedesk.portal.frame import contact_of, customer, customer_page, page
from servicedesk.portal.merged_requests import now_read_in, with_their_standing
from servicedesk.portal.request_filters import RequestFilter
from servicedesk.portal.request_page import is_merged, request_parts
from servicedesk.portal.requests import conversation, open_requests, request_page, requests_of
from servicedesk.portal.surveys import asked
from servicedesk.portal.throttle import REPLIES
from servicedesk.portal.views.home import OPEN_REQUESTS
from tickets.actions.files import FileRefused, enclose
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import rate_ticket
from tickets.actions.moves import WrongMove
from tickets.mail.mime import MailFile
from tickets.models import Interaction, Ticket
from tickets.views.sending import sent_files

# The addresses of a request's page by what they do; who tracks one without an account has others.
DOORS = {
    "page": "portal:request",
    "band": "portal:request-band",
    "verdict": "portal:request-verdict",
    "acts": "portal:request-acts",
    "messages": "portal:request-messages",
    "file": "portal:file",
    "reply": "portal:reply",
    "solved": "portal:solved",
    "contest": "portal:contest",
    "withdraw": "portal:withdraw",
}


@customer_page
def request_list(request: HttpRequest) -> HttpResponse:
    """`/portal/requests/`: newest event first, page by page."""
    user = customer(request)
    narrowing = RequestFilter(request.GET, user=user)
    shown = request_page(narrowing.narrow(requests_of(user)), clock.now(), request.GET.get("at", ""))
    chosen = request.GET.copy()
    chosen.pop("at", None)
    context = {"section": "requests", "shown": shown, "narrowing": narrowing, "chosen": chosen.urlencode()}
    return page(request, "request_list.html", context)


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
        return back_to(into)
    ticket = own_request(request, number)
    return page(request, "request.html", {"section": "requests", **request_context(request, ticket)})


@customer_page
def band(request: HttpRequest, number: str) -> HttpResponse:
    """The band that says who has the ball."""
    return page(request, "_band.html", request_context(request, own_request(request, number)))


@customer_page
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """The question whether it works, while it is asked."""
    return page(request, "_verdict.html", request_context(request, own_request(request, number)))


@customer_page
def acts(request: HttpRequest, number: str) -> HttpResponse:
    """What can be done with the request as it stands now."""
    return page(request, "_acts.html", request_context(request, own_request(request, number)))


@customer_page
def messages(request: HttpRequest, number: str) -> HttpResponse:
    """The conversation."""
    return page(request, "_messages.html", request_context(request, own_request(request, number)))


@require_POST
@customer_page
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Add words to a request; after it was solved they take it up again, or begin one that follows it."""
    ticket = own_request(request, number)
    form, files, problem = read_reply(request)
    if problem:
        context = {**request_context(request, ticket), "problem": problem, "written": request.POST.get("body", "")}
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
    return back_to(ticket if is_merged(ticket) else entry.ticket or ticket, "reply")


def read_reply(request: HttpRequest) -> tuple[ReplyForm, list[MailFile], str]:
    """The words and files of a reply, and what stands in its way."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return form, [], _("Write a few words first")
    if REPLIES.is_used_up(request):
        return form, [], _("That is a lot of messages in one hour. Please wait a little, or call us")
    try:
        return form, sent_files(request), ""
    except FileRefused as refusal:
        return form, [], str(refusal)


@require_POST
@customer_page
def rate(request: HttpRequest, number: str) -> HttpResponse:
    """One tap, 1 to 5; words can follow and replace nothing."""
    ticket, form = own_request(request, number), RatingForm(request.POST)
    if form.is_valid():
        comment = form.cleaned_data["comment"] or ticket.rating_comment
        try:
            ticket = rate_ticket(ticket, by=customer(request), score=form.cleaned_data["score"], comment=comment)
        except WrongMove as refusal:
            notices.error(request, str(refusal))
    if request.headers.get("HX-Request"):
        return page(request, "_rating.html", request_context(request, ticket))
    return back_to(ticket, "rating")


def own_request(request: HttpRequest, number: str) -> Ticket:
    """The customer's own request of this number. Raises Http404."""
    found = requests_of(customer(request)).select_related("account").filter(number=number).first()
    if found is None:
        raise Http404(number)
    return with_their_standing([found])[0]


def request_context(request: HttpRequest, ticket: Ticket) -> dict[str, object]:
    """What a request's page and its fragments show."""
    return request_parts(ticket, conversation(ticket, customer(request)), DOORS) | asked(ticket)


def back_to(ticket: Ticket, place: str = "") -> HttpResponse:
    """To the request's page, at a place there."""
    where = reverse("portal:request", args=[ticket.number])
    return redirect(f"{where}#{place}" if place else where)
