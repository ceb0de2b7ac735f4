"""A chat's life: begun, written in by both sides, taken up again, ended. What is written stands on a ticket at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.contact_points import NewPoint
from crmcore.actions.customers import create_contact
from crmcore.models import Account, Contact, ContactPoint, Queue, User
from tickets.actions.changing import changing
from tickets.actions.chat_ground import (
    ChatMovedOn,
    Side,
    add_line,
    close_seat,
    enter_queue,
    lock_chat,
    open_seat,
    tell_chat,
    ticket_of,
)
from tickets.actions.chat_offers import offer_soon, seat_of
from tickets.actions.entries import append_event, names
from tickets.actions.files import enclose
from tickets.actions.interactions import log_interaction
from tickets.actions.lifecycle import open_ticket
from tickets.mail.mime import MailFile
from tickets.models import Chat, ChatEnd, ChatLine, ChatRules, ChatSeat, ChatState, Interaction, Ticket
from tickets.queries.mail_people import writer_of
from tickets.queries.wording import type_called

USUAL_TYPE = "request"


@dataclass(frozen=True)
class ChatStart:
    """What the first message says. `once` makes its repetitions the same chat; a guest has a name, not a `customer`.

    `about`: the customer's own ticket that it is about. Unless it `is_answered` nobody comes.
    """

    once: str
    body: str
    subject: str
    queue: Queue
    language: str
    customer: User | None = None
    account: Account | None = None
    guest_name: str = ""
    guest_email: str = ""
    contact: Contact | None = None
    about: Ticket | None = None
    channel: str = Ticket.Channel.CHAT
    is_answered: bool = True
    files: tuple[MailFile, ...] = ()


def begin_chat(start: ChatStart) -> Chat:
    """Open the chat with its first line, on its ticket. Begun twice, or by a customer who has one, it is that chat."""
    try:
        with transaction.atomic():
            return _begun_before(start) or _begin(start, clock.now())
    except IntegrityError:
        known = _begun_before(start)
        if known is None:
            raise
        return known


def _begun_before(start: ChatStart) -> Chat | None:
    known = Chat.objects.filter(once=start.once).first()
    if known is None and start.customer is not None:
        known = Chat.objects.filter(customer=start.customer, channel=start.channel, ended_at=None).first()
    return known


def _begin(start: ChatStart, now: datetime) -> Chat:
    ticket = start.about or _ticket(start)
    chat = Chat(
        once=start.once,
        channel=start.channel,
        ticket=ticket,
        queue=start.queue,
        customer=start.customer,
        guest_name=start.guest_name,
        guest_email=start.guest_email,
        language=start.language,
        state=ChatState.WAITING,
        started_at=now,
        entered_at=now,
        last_line_at=now,
        customer_seen_at=now,
        is_demo=start.queue.is_demo,
    )
    enter_queue(chat, start.queue, now=now)
    if not start.is_answered:
        _close(chat, ChatEnd.CLOSED, now)
    chat.save()
    _enter(chat, start.body, start.files, client_id=start.once, now=now)
    chat.save()
    audit.record("chat.begun", chat, by=start.customer)
    tell_chat(chat)
    offer_soon()
    return chat


def _ticket(start: ChatStart) -> Ticket:
    contact = start.contact or (start.customer.contact if start.customer else _guest(start))
    return open_ticket(
        by=start.customer,
        subject=start.subject,
        type=type_called(USUAL_TYPE),
        queue=start.queue,
        account=start.account,
        contact=contact,
        channel=start.channel,
    )


def _guest(start: ChatStart) -> Contact | None:
    """A contact for an address that nobody has. Whoever only says that an address is theirs is nobody we know."""
    if not start.guest_email or writer_of(start.guest_email).is_known:
        return None
    point = NewPoint(ContactPoint.Kind.EMAIL, start.guest_email, source="chat")
    return create_contact(by=None, name=start.guest_name, points=[point], language=start.language)


@transaction.atomic
def customer_writes(chat_id: int, *, body: str, client_id: str, files: Iterable[MailFile] = ()) -> ChatLine:
    """A line of the customer, the same one however often it is sent. Who comes back in time goes on with the chat.

    Raises ChatMovedOn when it is over for good.
    """
    now = clock.now()
    chat = lock_chat(chat_id)
    if chat is None:
        raise ChatMovedOn(ChatState.ENDED)
    known = _sent_before(chat, Side.CUSTOMER, client_id)
    if known is not None:
        return known
    if not chat.is_live:
        _come_back(chat, now)
    chat.customer_seen_at = now
    line = _enter(chat, body, files, client_id=client_id, now=now)
    chat.save()
    tell_chat(chat, moved=chat.state == ChatState.WAITING)
    return line


@transaction.atomic
def agent_writes(chat_id: int, *, by: User, body: str, client_id: str, files: Iterable[MailFile] = ()) -> ChatLine:
    """A line of the agent who holds the chat. Raises ChatMovedOn, PermissionDenied where a colleague does."""
    now = clock.now()
    chat = lock_chat(chat_id)
    if chat is None:
        raise ChatMovedOn(ChatState.ENDED)
    known = _sent_before(chat, Side.AGENT, client_id)
    if known is not None:
        if known.by_id != by.pk:
            raise PermissionDenied(f"chat {chat_id}")
        return known
    seat_of(chat, by)
    ticket = ticket_of(chat)
    entry = _said(chat, ticket, body, Interaction.Direction.OUT, by=by)
    enclose(entry, files)
    line = add_line(chat, Side.AGENT, by=by, at=now, interaction=entry, client_id=client_id)
    chat.save()
    tell_chat(chat, moved=False)
    return line


def _sent_before(chat: Chat, side: str, client_id: str) -> ChatLine | None:
    if not client_id:
        raise ValueError("a line needs an id of its writer's making")
    return ChatLine.objects.filter(chat=chat, side=side, client_id=client_id).first()


def _enter(chat: Chat, body: str, files: Iterable[MailFile], *, client_id: str, now: datetime) -> ChatLine:
    entry = _said(chat, ticket_of(chat), body, Interaction.Direction.IN, by=chat.customer)
    enclose(entry, files)
    return add_line(chat, Side.CUSTOMER, by=chat.customer, at=now, interaction=entry, client_id=client_id)


def _said(chat: Chat, ticket: Ticket, body: str, direction: str, *, by: User | None) -> Interaction:
    """Words on the ticket, or on the one that follows it where that was closed meanwhile."""
    from_customer = direction == Interaction.Direction.IN
    contact = (chat.customer.contact if chat.customer else None) or ticket.contact if from_customer else ticket.contact
    entry = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=contact,
        channel=chat.channel,
        direction=direction,
        body=body,
        is_public=True,
        by=by,
        detail={"guest": chat.guest_name} if from_customer and chat.guest_name else None,
    )
    assert entry.ticket is not None
    chat.ticket = entry.ticket
    return entry


def _come_back(chat: Chat, now: datetime) -> None:
    """The customer writes after the end: the chat waits again, first for whoever held it last."""
    if not ChatRules.current().may_come_back(chat, now) or chat.end == ChatEnd.CLOSED:
        raise ChatMovedOn(chat.state)
    asked, chat.ended_at, chat.end, chat.wrapped_at = chat.agent, None, "", None
    enter_queue(chat, chat.queue, now=now)
    chat.asked = asked
    add_line(chat, Side.DESK, by=None, at=now, event="back")
    with changing(ticket_of(chat)) as ticket:
        append_event(ticket, "chat_back", by=None, at=now)
    offer_soon()


@transaction.atomic
def leave_chat(chat_id: int) -> None:
    """The customer ends the chat; ending an ended chat changes nothing."""
    chat = lock_chat(chat_id)
    if chat is not None and chat.is_live:
        end_chat(chat, ChatEnd.CUSTOMER, now=clock.now())


@transaction.atomic
def finish_chat(chat_id: int, *, by: User) -> Chat:
    """The agent who holds the chat ends it; again is no change. Raises as `seat_of` does."""
    chat = lock_chat(chat_id)
    if chat is None:
        raise ChatMovedOn(ChatState.ENDED)
    if chat.is_live:
        seat_of(chat, by)
        end_chat(chat, ChatEnd.AGENT, now=clock.now(), by=by)
    return chat


def end_chat(chat: Chat, end: ChatEnd, *, now: datetime, by: User | None = None) -> None:
    """End a locked chat; what was written stays with the ticket, whose clocks run on."""
    seat = open_seat(chat)
    if seat is not None:
        is_held = seat.state == ChatSeat.State.HELD
        close_seat(seat, ChatSeat.End.ENDED if is_held else ChatSeat.End.WITHDRAWN, now=now)
    _close(chat, end, now)
    add_line(chat, Side.DESK, by=by, at=now, event="ended", end=end.value, who=names(by) if by else [])
    chat.save()
    with changing(ticket_of(chat)) as ticket:
        append_event(ticket, "chat_ended", by=by, at=now, end=end.value)
    audit.record("chat.ended", chat, by=by, detail={"end": end.value})
    tell_chat(chat, agents=[seat.agent_id] if seat else [])
    offer_soon()


def _close(chat: Chat, end: ChatEnd, now: datetime) -> None:
    chat.state, chat.end, chat.deadline = ChatState.ENDED, end, None
    chat.ended_at = now
    # What nobody held needs no wrapping up.
    chat.wrapped_at = None if chat.agent_id else now
