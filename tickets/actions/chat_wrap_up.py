"""Whoever held a chat says on its ticket what is left to say, and what becomes of it."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crmcore import clock
from crmcore.models import User
from tickets.actions.chat_ground import ChatMovedOn, lock_chat, tell_chat, ticket_of
from tickets.actions.lifecycle import edit_ticket, set_status
from tickets.actions.replies import add_note
from tickets.models import ChatState
from tickets.queries.wording import status_in


@transaction.atomic
def wrap_up_chat(chat_id: int, *, by: User, note: str = "", subject: str = "", then: str = "") -> None:
    """All of it or nothing, and once; `then` is the category to which the ticket moves, if any.

    Raises ChatMovedOn while the chat runs, WrongMove, PermissionDenied for who did not hold it.
    """
    chat = lock_chat(chat_id)
    if chat is None or chat.state != ChatState.ENDED:
        raise ChatMovedOn(chat.state if chat else ChatState.ENDED)
    if chat.agent_id != by.pk:
        raise PermissionDenied(f"chat {chat_id}")
    if chat.wrapped_at is not None:
        return
    ticket = ticket_of(chat)
    if note:
        add_note(ticket, by=by, body=note)
    if subject and subject != ticket.subject:
        edit_ticket(ticket, by=by, subject=subject)
    if then:
        set_status(ticket, status_in(then), by=by)
    chat.wrapped_at = clock.now()
    chat.save()
    tell_chat(chat)
