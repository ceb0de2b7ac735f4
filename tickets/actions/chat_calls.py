"""From writing to speaking: the agent of a chat asks the customer to call."""

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from tickets.actions.changing import changing
from tickets.actions.chat_ground import ChatMovedOn, Side, add_line, lock_chat, tell_chat, ticket_of
from tickets.actions.chat_offers import seat_of
from tickets.actions.entries import append_event, names
from tickets.models import Chat, ChatState


@transaction.atomic
def invite_to_call(chat_id: int, *, by: User) -> Chat:
    """Show the customer a button that calls this agent; asked twice, it is shown once.

    Raises ChatMovedOn, also for a guest, who cannot call, and PermissionDenied where somebody else holds the chat.
    """
    chat = lock_chat(chat_id)
    if chat is None:
        raise ChatMovedOn(ChatState.ENDED)
    seat_of(chat, by)
    if chat.customer_id is None:
        raise ChatMovedOn(chat.state)
    if chat.call_asked_at is None:
        chat.call_asked_at = clock.now()
        add_line(chat, Side.DESK, by=by, at=chat.call_asked_at, event="call", who=names(by))
        chat.save()
        with changing(ticket_of(chat)) as ticket:
            append_event(ticket, "chat_call", by=by, at=chat.call_asked_at)
        audit.record("chat.call_asked", chat, by=by)
        tell_chat(chat, moved=False)
    return chat
