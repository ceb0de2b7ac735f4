"""Writing on a ticket: notes, replies, and drafts of both."""

from dataclasses import replace

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crmcore.clock import now
from crmcore.models import User
from crmcore.views.requests import StaffRequest, staff_page, wants_fragment
from tickets.actions.changing import MergedAway, StaleTicket, unseen_words
from tickets.actions.drafts import save_draft
from tickets.actions.lifecycle import set_status
from tickets.actions.macros import follow_macro
from tickets.actions.mailing import MailNotSent, send_mail
from tickets.actions.moves import WrongMove
from tickets.actions.replies import add_note, reply
from tickets.actions.steps import BadStep
from tickets.models import CannedReply, Category, Draft, Ticket
from tickets.queries.linked import must_ask
from tickets.queries.ticket_page import Composer, composer, draft_key
from tickets.queries.wording import status_in
from tickets.views.lookup import found_ticket, lead_to, solving_page
from tickets.views.mail_fields import envelope_in, form_token, typed_fields
from tickets.views.ticket import page_context, reading_in, thread_context

_OWN_MODES = ("note", "reply", "email")
_THEN = {"waiting": Category.WAITING_CUSTOMER, "solved": Category.SOLVED}


@staff_page("ticket")
def compose(request: StaffRequest, number: str) -> HttpResponse:
    """GET shows the field; POST sends what is in it as a note or a reply."""
    user = request.user
    if request.method != "POST":
        field = composer(reading_in(request, found_ticket(request, number)))
        return render(request, "tickets/_composer.html", {"composer": field})
    found = found_ticket(request, number, "edit")
    mode = request.POST.get("mode", "")
    empty = composer(reading_in(request, found))
    field = replace(
        empty,
        mode=mode if mode in _OWN_MODES else "note",
        body=request.POST.get("body", ""),
        mail=typed_fields(request, empty.mail),
        seen_seq=seen_seq(request, found),
    )
    if field.body.strip():
        return _send(request, field, user)
    return _sent(request, found, user) if request.POST.get("macro") else show(request, field)


@require_POST
@staff_page("ticket")
def draft(request: StaffRequest) -> HttpResponse:
    """Keep a text while it is being typed and say when it was kept."""
    post = request.POST
    key = post.get("draft_key", "")
    if not 0 < len(key) <= 80:
        return HttpResponseBadRequest()
    save_draft(request.user, key, post.get("body", ""), mode=post.get("mode", "")[:10])
    return render(request, "tickets/_saved.html", {"at": now()})


def _send(request: StaffRequest, field: Composer, user: User) -> HttpResponse:
    try:
        _write(request, field, user)
    except StaleTicket:
        return show(request, with_news(field, user), status=409)
    except MailNotSent as reason:
        return show(request, replace(field, error=str(reason)), status=422)
    except MergedAway as gone:
        return take_along(request, field, gone.into)
    return _sent(request, field.ticket, user)


def _sent(request: StaffRequest, ticket: Ticket, user: User) -> HttpResponse:
    """What follows the words: the macro, the move, and the field empty again."""
    question = then_move(request, ticket, user)
    if question:
        return lead_to(request, question)
    if not wants_fragment(request):
        return redirect(ticket)
    found = found_ticket(request, ticket.number)
    context = {"composer": composer(reading_in(request, found)), **thread_context(request, found, user)}
    return render(request, "tickets/_sent.html", context)


def _write(request: StaffRequest, field: Composer, user: User) -> None:
    body = field.body.strip()
    if field.mode == "email":
        token = form_token(request)
        send_mail(field.ticket, body, envelope_in(field.mail), by=user, token=token, seen_seq=field.seen_seq)
    else:
        write = reply if field.mode == "reply" else add_note
        write(field.ticket, by=user, body=body, seen_seq=field.seen_seq)


def take_along(request: StaffRequest, field: Composer, into: Ticket) -> HttpResponse:
    """The ticket went into another one while somebody wrote: the words wait there, after what lies there already."""
    key = draft_key(into)
    kept = Draft.objects.filter(user=request.user, key=key).values_list("body", flat=True).first()
    save_draft(request.user, key, "\n\n".join(filter(None, [kept, field.body])), mode=field.mode)
    save_draft(request.user, field.draft_key, "")
    messages.info(request, _("%(number)s was merged into this one. Your words wait below.") % {"number": field.ticket})
    return lead_to(request, into.get_absolute_url())


def then_move(request: StaffRequest, ticket: Ticket, user: User) -> str:
    """Do what the macro does and move the ticket on as the form asks; where something hangs on it, where to ask."""
    _macro(request, ticket, user)
    category = _THEN.get(request.POST.get("then", ""))
    if category and ticket.status.is_active:
        if must_ask(ticket, user, category):
            return solving_page(ticket, status_in(category))
        try:
            set_status(ticket, status_in(category), by=user)
        except WrongMove as reason:
            messages.error(request, str(reason))
    return ""


def _macro(request: StaffRequest, ticket: Ticket, user: User) -> None:
    """The steps of the canned reply that was picked; the words are written whether or not these can be done."""
    chosen = request.POST.get("macro", "")
    macro = CannedReply.objects.filter(pk=chosen, is_active=True).first() if chosen.isdecimal() else None
    if macro is None or not macro.steps:
        return
    try:
        follow_macro(ticket, macro, by=user)
    except PermissionDenied:
        messages.error(request, _("You may not do what “%(name)s” does.") % {"name": macro.label})
    except (BadStep, WrongMove) as reason:
        messages.error(request, str(reason))


def with_news(field: Composer, user: User) -> Composer:
    """The field as it was, saying who came in between; sending it again means having read that."""
    latest = unseen_words(field.ticket, field.seen_seq, user).select_related("by", "contact").last()
    person = latest and (latest.by or latest.contact)
    return replace(field, seen_seq=field.ticket.seq, news=person.name if person else _("Somebody"))


def show(request: StaffRequest, field: Composer, *, status: int = 200) -> HttpResponse:
    """The field as it was, in its own fragment or on the whole page."""
    if wants_fragment(request):
        # A script swaps what it gets; to it this is no error but the next state of the field.
        return render(request, "tickets/_composer.html", {"composer": field})
    if field.news or field.error:
        context = page_context(request, reading_in(request, field.ticket), field)
        return render(request, "tickets/ticket.html", context, status=status)
    return redirect(field.ticket)


def seen_seq(request: StaffRequest, ticket: Ticket) -> int:
    """The last entry that the writer had seen."""
    given = request.POST.get("seen_seq", "")
    return int(given) if given.isdecimal() else ticket.seq
