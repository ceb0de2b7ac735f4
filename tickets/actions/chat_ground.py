"""What every change of a chat is made of: the locked row, its next line, the news of it, the ticket beneath.

Locks are always taken in this order: the chat, its seat, its ticket. Nothing here locks an agent; that nobody has more
chats than allowed is held by numbered slots, which are unique.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from crmcore import live
from crmcore.events import BoardChanged
from crmcore.models import Queue, User
from tickets.events import ChatChanged
from tickets.models import Chat, ChatLine, ChatRules, ChatSeat, ChatState, Interaction, Ticket
from tickets.queries.merged import survivor_of

Side = ChatLine.Side


class ChatMovedOn(Exception):
    """The chat is no longer where the page that asked believes it to be."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def lock_chat(chat_id: int, *, waits: bool = True) -> Chat | None:
    """The chat, fresh and nobody else's; None where it is gone or, unless `waits`, somebody else works on it."""
    # The row alone: joined to its queue, a chat that was passed on while we waited would not be found any more.
    return Chat.objects.select_for_update(skip_locked=not waits).filter(pk=chat_id).first()


def ticket_of(chat: Chat) -> Ticket:
    """The ticket on which the words stand, or the one into which that was merged."""
    found = survivor_of(Ticket.objects.select_related("status").get(pk=chat.ticket_id))
    if found.pk != chat.ticket_id:
        chat.ticket = found
    return found


def add_line(
    chat: Chat,
    side: str,
    *,
    by: User | None,
    at: datetime,
    interaction: Interaction | None = None,
    event: str = "",
    client_id: str = "",
    **detail: Any,
) -> ChatLine:
    """Write the next line of a locked chat; the caller saves it. Whoever wrote it has read so far."""
    chat.seq += 1
    chat.last_line_at = max(chat.last_line_at, at)
    if side == Side.CUSTOMER:
        chat.customer_got = chat.customer_read = chat.seq
    elif side == Side.AGENT:
        chat.agent_read = chat.seq
    return ChatLine.objects.create(
        chat=chat,
        seq=chat.seq,
        side=side,
        by=by,
        event=event,
        detail=detail,
        interaction=interaction,
        client_id=client_id,
        at=at,
    )


def enter_queue(chat: Chat, queue: Queue, *, now: datetime, boost_s: int = 0) -> None:
    """Let a locked chat wait in a queue, with every head start it has; it never loses the place it had."""
    account = chat.ticket.account
    ahead_s = queue.priority_s + boost_s + (int(queue.grade_boosts.get(account.grade, 0)) if account else 0)
    rank = now - timedelta(seconds=ahead_s)
    chat.rank = min(chat.rank, rank) if chat.rank else rank
    chat.queue, chat.entered_at, chat.agent = queue, now, None
    wait_again(chat)


def wait_again(chat: Chat) -> None:
    """The chat waits, at the place it has, for as long as anybody waits."""
    chat.state, chat.agent, chat.call_asked_at = ChatState.WAITING, None, None
    chat.deadline = chat.entered_at + timedelta(seconds=ChatRules.current().wait_limit_s)


def open_seat(chat: Chat) -> ChatSeat | None:
    """Where the locked chat rings or runs."""
    return ChatSeat.objects.exclude(state=ChatSeat.State.CLOSED).filter(chat=chat).select_related("agent").first()


def close_seat(seat: ChatSeat, end: str, *, now: datetime) -> None:
    """The agent's slot is free again."""
    seat.state, seat.end, seat.closed_at = ChatSeat.State.CLOSED, end, max(now, seat.offered_at)
    seat.save(update_fields=["state", "end", "closed_at"])


def tell_chat(chat: Chat, *, agents: Iterable[int | None] = (), moved: bool = True) -> None:
    """Tell both sides, and where the chat `moved` also those who watch the queue."""
    event = ChatChanged(chat_id=chat.pk, state=chat.state, seq=chat.seq)
    holders = {chat.agent_id, *agents} - {None}
    topics = [f"chat:{chat.pk}", *(f"chats:{user_id}" for user_id in sorted(filter(None, holders)))]
    live.publish_all((topic, event) for topic in topics)
    if moved:
        live.publish_all([(f"queue:{chat.queue_id}", event), ("board", BoardChanged())])
