"""Small signs between the sides of a chat: who is there, what has arrived and was read, who is typing."""

from django.db.models import Q

from crmcore import clock, live
from tickets.actions.chat_ground import tell_chat
from tickets.events import ChatTyping
from tickets.models import Chat, ChatLine, ChatState


def customer_is_here(chat: Chat, *, got: int, read: int) -> None:
    """The customer's page is open and shows lines up to `got`, of which the person saw those up to `read`."""
    Chat.objects.filter(pk=chat.pk).update(customer_seen_at=clock.now())
    got, read = min(got, chat.seq), min(read, chat.seq)
    news = Chat.objects.filter(Q(customer_got__lt=got) | Q(customer_read__lt=read), pk=chat.pk)
    if news.exists():
        _raise(chat, customer_got=max(got, read), customer_read=read)


def agent_has_read(chat: Chat, *, read: int) -> None:
    """Whoever holds the chat has seen its lines up to `read`."""
    if chat.agent_read < min(read, chat.seq):
        _raise(chat, agent_read=min(read, chat.seq))


def tell_typing(chat: Chat, side: str) -> None:
    """Tell the other side, if it looks right now, that somebody types."""
    if chat.state == ChatState.TALKING or side == ChatLine.Side.CUSTOMER:
        live.whisper(f"typing:{chat.pk}", ChatTyping(chat_id=chat.pk, side=side))


def _raise(chat: Chat, **marks: int) -> None:
    """Marks only grow, whoever comes first."""
    moved = [
        Chat.objects.filter(pk=chat.pk, **{f"{name}__lt": value}).update(**{name: value})
        for name, value in marks.items()
    ]
    if any(moved):
        tell_chat(Chat.objects.get(pk=chat.pk), moved=False)
