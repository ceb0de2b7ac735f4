"""A desk on which people chat: who begins a chat, who rings, who takes it."""

from itertools import count

from crmcore.models import User
from tests.cast import Cast
from tickets.actions.chat_offers import accept_chat
from tickets.actions.chats import ChatStart, agent_writes, begin_chat, customer_writes
from tickets.models import Chat, ChatLine, ChatSeat

_ids = count(1)


def start(cast: Cast, body: str = "Hello, my washer is loud", **changes: object) -> ChatStart:
    """What a guest called Wang says first, in Support."""
    facts: dict[str, object] = {
        "once": f"chat-{next(_ids)}",
        "body": body,
        "subject": body,
        "queue": cast.support_queue,
        "language": "en",
        "guest_name": "Wang",
    }
    return ChatStart(**{**facts, **changes})  # type: ignore[arg-type]


def chat_by_guest(cast: Cast, body: str = "Hello, my washer is loud", **changes: object) -> Chat:
    return begin_chat(start(cast, body, **changes))


def seat_at(user: User) -> ChatSeat | None:
    """What rings at this agent."""
    return ChatSeat.objects.filter(agent=user, state="ringing").first()


def taken_by(user: User, chat: Chat) -> Chat:
    """The chat, accepted by the agent at whom it rings."""
    seat = ChatSeat.objects.get(chat=chat, agent=user, state="ringing")
    return accept_chat(seat.pk, by=user)


def says(chat: Chat, body: str, *, by: User | None = None, client_id: str = "") -> ChatLine:
    """A line of the customer, or of an agent."""
    name = client_id or f"line-{next(_ids)}"
    if by is None:
        return customer_writes(chat.pk, body=body, client_id=name)
    return agent_writes(chat.pk, by=by, body=body, client_id=name)


def words(chat: Chat) -> list[str]:
    """What stands in the chat: words as they are, events in brackets."""
    rows = ChatLine.objects.filter(chat=chat).select_related("interaction").order_by("seq")
    return [row.interaction.body if row.interaction else f"[{row.event}]" for row in rows]
