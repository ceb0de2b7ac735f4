"""What must end of a chat and has not, ends here; what waits is offered. Any process may do it, at any time."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import F, Q, QuerySet

from crmcore import clock
from tickets.actions.changing import changing
from tickets.actions.chat_ground import (
    Side,
    add_line,
    close_seat,
    enter_queue,
    lock_chat,
    open_seat,
    tell_chat,
    ticket_of,
)
from tickets.actions.chat_offers import offer_chats, offer_soon, take_back
from tickets.actions.chats import end_chat
from tickets.actions.entries import append_event, names
from tickets.models import Chat, ChatEnd, ChatRules, ChatSeat, ChatState, Ticket

log = structlog.get_logger(__name__)

AT_ONCE = 200
# A customer's page says every few seconds that it is there; an agent's socket does.
CUSTOMER_GONE_AFTER = timedelta(seconds=60)
AGENT_GONE_AFTER = timedelta(seconds=30)


def sweep_chats() -> None:
    """End what is due, take chats back from screens that are gone, then offer."""
    now = clock.now()
    _each(_due(now), _expire, now)
    _each(_left(now), _give_up, now)
    _each(_without_agent(now), _back_to_queue, now)
    _each(_silent(now), _fall_silent, now)
    offer_chats()


def _each(keys: Iterable[int], act: Callable[[Chat, datetime], None], now: datetime) -> None:
    """Every chat in a transaction of its own: one that cannot be handled keeps no other waiting."""
    for key in keys:
        try:
            with transaction.atomic():
                chat = lock_chat(key, waits=False)
                if chat is not None:
                    act(chat, now)
        except Exception:
            log.exception("tickets.chat_sweep_failed", step=act.__name__, chat=key)


def _due(now: datetime) -> list[int]:
    return list(Chat.objects.filter(deadline__lte=now).order_by("deadline").values_list("pk", flat=True)[:AT_ONCE])


def _expire(chat: Chat, now: datetime) -> None:
    """The offer has rung out, or nobody came as long as anybody waits."""
    if chat.deadline is None or chat.deadline > now:
        return
    seat = open_seat(chat)
    if chat.state == ChatState.RINGING and seat is not None:
        take_back(chat, seat, ChatSeat.End.TIMEOUT, now=now)
    elif chat.state == ChatState.WAITING:
        end_chat(chat, ChatEnd.NOBODY, now=now)


def _left(now: datetime) -> list[int]:
    """Customers who closed the page before anybody came; other channels have no page."""
    waiting = Chat.objects.filter(state__in=(ChatState.WAITING, ChatState.RINGING), channel=Ticket.Channel.CHAT)
    return list(waiting.filter(customer_seen_at__lte=now - CUSTOMER_GONE_AFTER).values_list("pk", flat=True)[:AT_ONCE])


def _give_up(chat: Chat, now: datetime) -> None:
    if chat.state in (ChatState.WAITING, ChatState.RINGING) and chat.customer_seen_at <= now - CUSTOMER_GONE_AFTER:
        end_chat(chat, ChatEnd.LEFT, now=now)


def _deserted(now: datetime) -> QuerySet[ChatSeat]:
    """Held by agents whose screens have not been heard of."""
    gone = Q(agent__presence=None) | Q(agent__presence__last_seen_at__lte=now - AGENT_GONE_AFTER)
    return ChatSeat.objects.filter(gone | Q(agent__is_active=False), state=ChatSeat.State.HELD)


def _without_agent(now: datetime) -> list[int]:
    return list(_deserted(now).values_list("chat_id", flat=True)[:AT_ONCE])


def _back_to_queue(chat: Chat, now: datetime) -> None:
    """The agent's screen is gone: the chat waits again at the place it had, and a line says so."""
    seat = open_seat(chat)
    if seat is None or not _deserted(now).filter(pk=seat.pk).exists():
        return
    who = names(seat.agent)
    close_seat(seat, ChatSeat.End.GONE, now=now)
    enter_queue(chat, chat.queue, now=now)
    add_line(chat, Side.DESK, by=None, at=now, event="gone", who=who)
    chat.save()
    with changing(ticket_of(chat)) as ticket:
        append_event(ticket, "chat_gone", by=None, at=now, who=who)
    tell_chat(chat, agents=[seat.agent_id])
    offer_soon()


def _silent(now: datetime) -> list[int]:
    limit = timedelta(seconds=ChatRules.current().silence_limit_s)
    quiet = Chat.objects.filter(state=ChatState.TALKING, last_line_at__lte=now - limit)
    return list(quiet.order_by(F("last_line_at")).values_list("pk", flat=True)[:AT_ONCE])


def _fall_silent(chat: Chat, now: datetime) -> None:
    limit = timedelta(seconds=ChatRules.current().silence_limit_s)
    if chat.state == ChatState.TALKING and chat.last_line_at <= now - limit:
        end_chat(chat, ChatEnd.SILENT, now=now)
