"""Passing a chat on: to another queue or to a colleague, with a note that only colleagues read."""

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import AgentPresence, Queue, User
from crmcore.models.presence import SystemState
from tickets.actions.changing import changing
from tickets.actions.chat_ground import (
    ChatMovedOn,
    Side,
    add_line,
    close_seat,
    enter_queue,
    lock_chat,
    tell_chat,
    ticket_of,
)
from tickets.actions.chat_offers import offer_soon, seat_of
from tickets.actions.entries import append_event, names
from tickets.actions.interactions import log_interaction
from tickets.actions.moves import hand_to, pass_to_queue
from tickets.chat_distribution import free_slot
from tickets.models import Chat, ChatRules, ChatSeat, ChatState, Interaction
from tickets.queries.chat_candidates import on_duty, taken_slots


class NoRoom(Exception):
    """The colleague is not on duty, or has as many chats as allowed."""


def has_room(user: User) -> bool:
    """Whether a chat could ring at this person now."""
    presence = on_duty().filter(user=user).first()
    if presence is None:
        return False
    return free_slot(taken_slots([user.pk])[user.pk], _limit(presence)) is not None


def _limit(presence: AgentPresence) -> int:
    rules = ChatRules.current()
    return rules.at_once if presence.system == SystemState.IDLE else rules.at_once_on_call


@transaction.atomic
def pass_chat_on(chat_id: int, *, by: User, queue: Queue | None = None, to: User | None = None, note: str = "") -> Chat:
    """Let the chat wait elsewhere, ahead of those who came later. Does the colleague not take it, the queue has it.

    Raises NoRoom, ChatMovedOn, PermissionDenied where somebody else holds it.
    """
    now = clock.now()
    chat = lock_chat(chat_id)
    if chat is None:
        raise ChatMovedOn(ChatState.ENDED)
    seat = seat_of(chat, by)
    if to == by or (to is None and queue is None) or (to is not None and not has_room(to)):
        raise NoRoom(str(to or queue))
    target = queue or chat.queue
    close_seat(seat, ChatSeat.End.PASSED_ON, now=now)
    _hand_over(chat, target, to, by=by, note=note)
    enter_queue(chat, target, now=now, boost_s=target.transfer_boost_s)
    chat.asked = to
    add_line(chat, Side.DESK, by=by, at=now, event="passed", to=names(to or target))
    chat.save()
    audit.record("chat.passed_on", chat, by=by, detail={"queue": target.code, "to": to.pk if to else None})
    tell_chat(chat, agents=[by.pk])
    offer_soon()
    return chat


def _hand_over(chat: Chat, target: Queue, to: User | None, *, by: User, note: str) -> None:
    now = clock.now()
    if note.strip():
        log_interaction(
            ticket=ticket_of(chat),
            account=chat.ticket.account,
            contact=chat.ticket.contact,
            channel=Interaction.Channel.NOTE,
            direction=Interaction.Direction.INTERNAL,
            body=note.strip(),
            is_public=False,
            by=by,
        )
    with changing(ticket_of(chat)) as ticket:
        append_event(ticket, "chat_passed", by=by, at=now, to=names(to or target))
        pass_to_queue(ticket, target, by=by, at=now)
        if ticket.assignee_id == by.pk:
            hand_to(ticket, None, by=by, at=now)
