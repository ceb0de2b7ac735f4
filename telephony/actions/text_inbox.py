"""What customers write: each message once, on the ticket it belongs to; or their wish to be left alone."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crmcore import phone_numbers
from crmcore.actions import audit
from crmcore.later import run_later
from crmcore.models import Account, Contact, Queue
from telephony.actions.contact_record import SUBJECT_LENGTH, USUAL_TYPE
from telephony.actions.text_states import lock_thread, rise
from telephony.actions.texting import new_text
from telephony.models import PhoneLine, TextMessage, TextThread
from telephony.providers.texts import IncomingText
from telephony.queries.lines import default_queue
from telephony.queries.texting import conversation_of, outlet_to, texting_line, writer_of
from telephony.text_keywords import Wish, wish_in
from telephony.text_segments import segments_of
from telephony.text_states import TextChannel, TextFault, TextState
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import open_ticket
from tickets.models import Interaction, Ticket, TicketType


@transaction.atomic
def take_text(incoming: IncomingText, *, now: datetime) -> TextMessage:
    """A customer's message, however often it is told."""
    line = texting_line(_number(incoming.to_number, ""))
    theirs = _number(incoming.from_number, line.region if line else "")
    thread = lock_thread(incoming.channel, theirs)
    known = TextMessage.objects.filter(provider=incoming.provider, provider_sid=incoming.sid).first()
    if known is not None:
        return known
    thread.ours, thread.last_in_at = line.number if line else incoming.to_number[:20], now
    thread.save(update_fields=["ours", "last_in_at"])
    text = _received(incoming, thread, now)
    text.contact, text.account = writer_of(theirs)
    queue = line.queue if line else default_queue()
    with translation.override(_language_of(text, line, queue)):
        text.body = _body(incoming)
        wish = wish_in(incoming.body, incoming.opt_out_type)
        if wish == Wish.LEAVE or (wish == Wish.RETURN and thread.opted_out_at is not None):
            _grant(wish, thread, text, now=now, answers=not incoming.opt_out_type, queue=queue)
        else:
            _enter(text, thread, queue, now)
    text.save()
    return text


def _grant(wish: Wish, thread: TextThread, text: TextMessage, *, now: datetime, answers: bool, queue: Queue) -> None:
    """The customer leaves, or comes back. It is no matter for a ticket; where the carrier has not answered, we do."""
    leaves = wish == Wish.LEAVE
    thread.opted_out_at = (thread.opted_out_at or now) if leaves else None
    thread.save(update_fields=["opted_out_at"])
    audit.record("text.opted_out" if leaves else "text.opted_in", thread, by=None)
    if leaves:
        _stop_waiting(thread, now)
    _log(text, None)
    if answers:
        _answer(
            thread,
            _("You will get no more messages from us here. Reply START to get them again.")
            if leaves
            else _("You will get our messages here again. Reply STOP to end them."),
            text,
            queue,
            now,
        )


def _stop_waiting(thread: TextThread, now: datetime) -> None:
    """What has not been begun stays unsent."""
    waiting = TextMessage.objects.filter(
        channel=thread.channel, theirs=thread.theirs, state=TextState.QUEUED, begun_at=None, provider_sid=""
    )
    for text_id in list(waiting.values_list("pk", flat=True)):
        rise(text_id, TextState.FAILED, code=TextFault.OPTED_OUT, now=now)


def _answer(thread: TextThread, body: str, text: TextMessage, queue: Queue, now: datetime) -> None:
    """The one message that may follow STOP: that it was heard."""
    outlet = outlet_to(thread.theirs, TextChannel(thread.channel), queue=queue)
    if outlet is None:
        return
    answer = new_text(thread, outlet.route, body, now=now)
    answer.is_automatic, answer.contact, answer.account = True, text.contact, text.account
    answer.save()
    run_later("telephony.deliver_text", answer.pk)


def _enter(text: TextMessage, thread: TextThread, queue: Queue, now: datetime) -> None:
    ticket = conversation_of(thread, text.contact, now) or open_ticket(
        by=None,
        subject=_subject(text),
        type=TicketType.objects.get(code=USUAL_TYPE),
        queue=queue,
        account=text.account,
        contact=text.contact,
        channel=text.channel,
    )
    _log(text, ticket)


def _log(text: TextMessage, ticket: Ticket | None) -> None:
    text.interaction = log_interaction(
        ticket=ticket,
        account=text.account or (ticket.account if ticket else None),
        contact=text.contact or (ticket.contact if ticket else None),
        channel=text.channel,
        direction=Interaction.Direction.IN,
        body=text.body,
        is_public=True,
        by=None,
        detail={"number": text.theirs},
    )
    text.ticket = text.interaction.ticket


def _received(incoming: IncomingText, thread: TextThread, now: datetime) -> TextMessage:
    return TextMessage(
        direction=TextMessage.Direction.IN,
        channel=incoming.channel,
        ours=thread.ours,
        theirs=thread.theirs,
        segments=segments_of(incoming.body).count,
        state=TextState.RECEIVED,
        provider=incoming.provider,
        provider_sid=incoming.sid,
        created_at=now,
        settled_at=now,
    )


def _body(incoming: IncomingText) -> str:
    """The words, and a line for what was sent along and stays at the carrier."""
    if not incoming.left_out:
        return incoming.body
    note = ngettext("%(count)d attachment not fetched", "%(count)d attachments not fetched", incoming.left_out)
    return f"{incoming.body}\n[{note % {'count': incoming.left_out}}]".strip()


def _subject(text: TextMessage) -> str:
    first_line = text.body.strip().partition("\n")[0].strip()
    if first_line and not first_line.startswith("["):
        return first_line if len(first_line) <= SUBJECT_LENGTH else f"{first_line[: SUBJECT_LENGTH - 1]}…"
    writer: Contact | Account | None = text.contact or text.account
    return _("Message from %(name)s") % {"name": str(writer) if writer else phone_numbers.pretty(text.theirs)}


def _language_of(text: TextMessage, line: PhoneLine | None, queue: Queue) -> str:
    of_customer = (text.contact.language if text.contact else "") or (text.account.language if text.account else "")
    return of_customer or (line.language if line else "") or queue.language or settings.LANGUAGE_CODE


def _number(raw: str, region: str) -> str:
    """E.164 where it is one; senders with names are kept as they are."""
    return phone_numbers.normalise(raw, region or settings.DEFAULT_PHONE_REGION).value or raw.strip()[:20]
