"""Waiting chats to agents with a slot left: offered, accepted, declined, run out. Safe to run anywhere at any time."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from tickets.actions.changing import changing
from tickets.actions.chat_ground import (
    ChatMovedOn,
    Side,
    add_line,
    close_seat,
    lock_chat,
    open_seat,
    tell_chat,
    ticket_of,
    wait_again,
)
from tickets.actions.entries import append_event, names
from tickets.actions.moves import hand_to
from tickets.chat_distribution import ChatAgent, choose
from tickets.models import Chat, ChatSeat, ChatState
from tickets.queries.chat_candidates import chat_agents, waiting_chats


def offer_chats() -> int:
    """Offer what waits, the longest wait first, each in a transaction of its own; how many were offered."""
    now = clock.now()
    chats = waiting_chats(now)
    agents = {agent.user_id: agent for agent in chat_agents(chats, now)} if chats else {}
    made = 0
    for chat in chats:
        agent = choose(chat, agents.values())
        if agent is None:
            continue
        if offer_chat(chat.chat_id, agent, now):
            made += 1
        # Taken by this chat, or by another process meanwhile: either way it is no slot for the next chat.
        agents[agent.user_id] = replace(agent, taken=agent.taken | {agent.slot or 0}, last_at=now)
    return made


def offer_soon() -> None:
    """After the commit: is there somebody for the chats that wait?"""
    if not any(entry[1] is _offer_quietly for entry in connection.run_on_commit):
        transaction.on_commit(_offer_quietly, robust=True)


def _offer_quietly() -> None:
    offer_chats()


@transaction.atomic
def offer_chat(chat_id: int, agent: ChatAgent, now: datetime) -> bool:
    """Let a waiting chat ring in the agent's free slot; False where either is taken meanwhile."""
    chat = lock_chat(chat_id, waits=False)
    if chat is None or chat.state != ChatState.WAITING or agent.slot is None:
        return False
    expires_at = now + timedelta(seconds=chat.queue.offer_timeout_s)
    try:
        with transaction.atomic():
            ChatSeat.objects.create(
                chat=chat, agent_id=agent.user_id, slot=agent.slot, offered_at=now, expires_at=expires_at
            )
    except IntegrityError:
        return False
    chat.state, chat.deadline = ChatState.RINGING, expires_at
    chat.save(update_fields=["state", "deadline"])
    tell_chat(chat, agents=[agent.user_id])
    return True


@transaction.atomic
def accept_chat(seat_id: int, *, by: User) -> Chat:
    """Take the chat that rings; again is no change. Raises ChatMovedOn, PermissionDenied for somebody else's offer."""
    now = clock.now()
    chat, seat = _rung(seat_id, by)
    if chat.state == ChatState.TALKING and seat.state == ChatSeat.State.HELD:
        return chat
    if chat.state != ChatState.RINGING or seat.state != ChatSeat.State.RINGING:
        raise ChatMovedOn(chat.state)
    seat.state, seat.joined_at = ChatSeat.State.HELD, now
    seat.save(update_fields=["state", "joined_at"])
    chat.state, chat.agent, chat.asked, chat.deadline = ChatState.TALKING, by, None, None
    chat.answered_at = chat.answered_at or now
    add_line(chat, Side.DESK, by=by, at=now, event="joined", who=names(by))
    _take_ticket(chat, by, now)
    chat.save()
    audit.record("chat.accepted", chat, by=by)
    tell_chat(chat, agents=[by.pk])
    return chat


@transaction.atomic
def decline_chat(seat_id: int, *, by: User) -> None:
    """Let somebody else have it; again is no change. Raises PermissionDenied for somebody else's offer."""
    chat, seat = _rung(seat_id, by)
    if seat.state == ChatSeat.State.RINGING:
        take_back(chat, seat, ChatSeat.End.DECLINED, now=clock.now())


def take_back(chat: Chat, seat: ChatSeat, end: str, *, now: datetime) -> None:
    """The offer of a locked chat came to nothing: it waits on, at the place it had."""
    close_seat(seat, end, now=now)
    if chat.asked_id == seat.agent_id:
        chat.asked = None
    wait_again(chat)
    chat.save()
    tell_chat(chat, agents=[seat.agent_id])
    offer_soon()


def _rung(seat_id: int, by: User) -> tuple[Chat, ChatSeat]:
    found = ChatSeat.objects.filter(pk=seat_id).values_list("chat_id", "agent_id").first()
    if found is None:
        raise ChatMovedOn(ChatState.ENDED)
    if found[1] != by.pk:
        raise PermissionDenied(f"chat seat {seat_id}")
    chat = lock_chat(found[0])
    if chat is None:
        raise ChatMovedOn(ChatState.ENDED)
    return chat, ChatSeat.objects.get(pk=seat_id)


def _take_ticket(chat: Chat, by: User, now: datetime) -> None:
    """Whoever holds the chat is in charge of its ticket, unless that is a colleague who did not chat."""
    chatted = set(ChatSeat.objects.filter(chat=chat).values_list("agent_id", flat=True))
    with changing(ticket_of(chat)) as ticket:
        append_event(ticket, "chat_joined", by=by, at=now)
        if ticket.is_active and (ticket.assignee_id is None or ticket.assignee_id in chatted):
            hand_to(ticket, by, by=by, at=now)


def seat_of(chat: Chat, by: User) -> ChatSeat:
    """The seat by which `by` holds a locked chat. Raises ChatMovedOn, PermissionDenied where somebody else does."""
    seat = open_seat(chat)
    if chat.state != ChatState.TALKING or seat is None:
        raise ChatMovedOn(chat.state)
    if seat.agent_id != by.pk:
        raise PermissionDenied(f"chat {chat.pk}")
    return seat
