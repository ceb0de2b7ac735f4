"""Writing to customers from a ticket."""

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from crmcore.models import User
from crmcore.queries.rights import require_reach
from crmcore.views.requests import StaffRequest, staff_page, wants_fragment
from telephony.actions.texting import Words, send_again, send_text
from telephony.models import TextMessage, TextTemplate
from telephony.text_places import places_in
from telephony.text_rules import TextNotSent, TextRefusal
from telephony.text_states import TextChannel
from tickets.actions.changing import MergedAway, StaleTicket
from tickets.queries.ticket_page import Composer, composer
from tickets.views.composer import compose, seen_seq, show, take_along, then_move, with_news
from tickets.views.lookup import found_ticket, lead_to
from tickets.views.ticket import reading_in, thread_context


@require_POST
@staff_page("ticket", "edit")
def send(request: StaffRequest, number: str) -> HttpResponse:
    """Send what the composer holds; what cannot go stays in it, with the reason. Notes and replies go their own way."""
    mode, token = request.POST.get("mode", ""), _token(request)
    if mode not in TextChannel:
        return compose(request, number)
    if not token:
        return HttpResponseBadRequest()
    ticket, user = found_ticket(request, number, "edit"), request.user
    body = request.POST.get("body", "")
    field = replace(composer(reading_in(request, ticket)), mode=mode, body=body, seen_seq=seen_seq(request, ticket))
    try:
        words = _words(request, body)
        send_text(ticket, TextChannel(mode), words, by=user, token=token, seen_seq=field.seen_seq)
    except StaleTicket:
        return show(request, with_news(field, user), status=409)
    except TextNotSent as reason:
        return show(request, replace(field, error=str(reason.refusal.label)), status=422)
    except MergedAway as gone:
        return take_along(request, field, gone.into)
    question = then_move(request, ticket, user)
    if question:
        return lead_to(request, question)
    return _sent(request, number, user, mode)


@require_POST
@staff_page("ticket", "edit")
def again(request: StaffRequest, text_id: int) -> HttpResponse:
    """Send a lost message once more; its timeline shows what became of it."""
    text = get_object_or_404(TextMessage.objects.select_related("ticket"), pk=text_id, ticket__isnull=False)
    assert text.ticket is not None
    require_reach(request.user, "edit", text.ticket)
    toast = ""
    try:
        send_again(text, by=request.user)
    except TextNotSent as reason:
        toast = str(reason.refusal.label)
    if not wants_fragment(request):
        if toast:
            messages.error(request, toast)
        return redirect(text.ticket)
    found = found_ticket(request, text.ticket.number)
    context = {**thread_context(request, found, request.user), "toast": toast}
    return render(request, "tickets/_thread.html", context)


def _sent(request: StaffRequest, number: str, user: User, mode: str) -> HttpResponse:
    found = found_ticket(request, number)
    if not wants_fragment(request):
        return redirect(found)
    field: Composer = replace(composer(reading_in(request, found)), mode=mode)
    return render(request, "tickets/_sent.html", {"composer": field, **thread_context(request, found, user)})


def _words(request: StaffRequest, body: str) -> Words:
    """Free text, unless the form offered templates instead. Raises TextNotSent."""
    chosen = request.POST.get("template", "")
    if not chosen or request.POST.get("mode") != TextChannel.WHATSAPP:
        return Words(body)
    template = TextTemplate.objects.filter(pk=int(chosen) if chosen.isdecimal() else 0, is_active=True).first()
    if template is None:
        raise TextNotSent(TextRefusal.BAD_TEMPLATE)
    names = [f"place-{template.pk}-{place}" for place in range(1, places_in(template.body) + 1)]
    return Words(template=template, values=[request.POST.get(name, "") for name in names])


def _token(request: StaffRequest) -> str:
    try:
        return UUID(request.POST.get("token", "")).hex
    except ValueError:
        return ""
