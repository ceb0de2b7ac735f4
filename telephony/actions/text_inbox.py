"""What customers write: each message once, on the ticket it belongs to; or their wish to be left alone."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crmcore.actions import audit
from crmcore.later import run_later
from crmcore.models import Account, Contact, Queue
from telephony.actions.contact_record import SUBJECT_LENGTH, USUAL_TYPE
from telephony.actions.followers import new_writer, stop_waiting
from telephony.actions.text_states import lock_thread
from telephony.actions.texting import new_text
from telephony.models import TextMedia, TextMessage, TextThread
from telephony.providers.message_channel import InboundMessage
from telephony.queries.lines import default_queue
from telephony.queries.text_ends import OurEnd
from telephony.queries.texting import (
    address_in,
    conversation_of,
    end_called,
    outlet_to,
    shown_address,
    writer_of,
)
from telephony.text_keywords import Wish, wish_in
from telephony.text_segments import segments_of
from telephony.text_states import TextChannel, TextState
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import open_ticket
from tickets.models import Interaction, Ticket, TicketType


@transaction.atomic
def take_text(incoming: InboundMessage, *, now: datetime) -> TextMessage:
    """A customer's message, however often it is told."""
    end = end_called(incoming.channel, incoming.recipient)
    theirs = address_in(incoming.channel, incoming.sender, end)
    thread = lock_thread(incoming.channel, theirs)
    known = TextMessage.objects.filter(provider=incoming.provider, provider_sid=incoming.sid).first()
    if known is not None:
        return known
    wrote_at = min(incoming.sent_at or now, now)
    thread.ours = end.address if end else incoming.recipient[:20]
    thread.last_in_at = max(thread.last_in_at or wrote_at, wrote_at)
    thread.save(update_fields=["ours", "last_in_at"])
    text = _received(incoming, thread, now)
    text.contact, text.account = writer_of(incoming.channel, theirs)
    queue = end.queue if end else default_queue()
    with translation.override(_language_of(text, end, queue)):
        if end is not None and text.contact is None and text.account is None:
            text.contact = new_writer(incoming.channel, theirs, end)
        text.body = _body(incoming)
        wish = wish_in(incoming.body, incoming.opt_out_type)
        if wish == Wish.LEAVE or (wish == Wish.RETURN and thread.opted_out_at is not None):
            _grant(wish, thread, text, now=now, answers=not incoming.opt_out_type, queue=queue)
        else:
            _enter(text, thread, queue, now)
    text.save()
    if text.ticket_id:
        _fetch_later(text, incoming, now)
    return text


def _fetch_later(text: TextMessage, incoming: InboundMessage, now: datetime) -> None:
    """What was sent along is fetched after the message stands, for the channel waits for our answer."""
    for media in incoming.media:
        kept = TextMedia.objects.create(text=text, kind=media.kind, reference=media.reference, due_at=now)
        run_later("telephony.fetch_text_media", kept.pk)


def _grant(wish: Wish, thread: TextThread, text: TextMessage, *, now: datetime, answers: bool, queue: Queue) -> None:
    """The customer leaves, or comes back. It is no matter for a ticket; where the carrier has not answered, we do."""
    leaves = wish == Wish.LEAVE
    thread.opted_out_at = (thread.opted_out_at or now) if leaves else None
    thread.save(update_fields=["opted_out_at"])
    audit.record("text.opted_out" if leaves else "text.opted_in", thread, by=None)
    if leaves:
        stop_waiting(thread, now)
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


def _received(incoming: InboundMessage, thread: TextThread, now: datetime) -> TextMessage:
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


def _body(incoming: InboundMessage) -> str:
    """What was sent along, the words, and a line for what stays at the carrier."""
    names = {"image": _("[Picture]"), "voice": _("[Voice message]")}
    along = [names[media.kind] for media in incoming.media if media.kind in names]
    words = " ".join(part for part in (*along, incoming.body) if part)
    if not incoming.left_out:
        return words
    note = ngettext("%(count)d attachment not fetched", "%(count)d attachments not fetched", incoming.left_out)
    return f"{words}\n[{note % {'count': incoming.left_out}}]".strip()


def _subject(text: TextMessage) -> str:
    first_line = text.body.strip().partition("\n")[0].strip()
    if first_line and not first_line.startswith("["):
        return first_line if len(first_line) <= SUBJECT_LENGTH else f"{first_line[: SUBJECT_LENGTH - 1]}…"
    writer: Contact | Account | None = text.contact or text.account
    shown = str(writer) if writer else shown_address(text.channel, text.theirs)
    return _("Message from %(name)s") % {"name": shown}


def _language_of(text: TextMessage, end: OurEnd | None, queue: Queue) -> str:
    of_customer = (text.contact.language if text.contact else "") or (text.account.language if text.account else "")
    return of_customer or (end.language if end else "") or queue.language or settings.LANGUAGE_CODE
