"""Chats on the board: who waits in which order, and what runs with whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from crmcore.models import Queue
from tickets.models import Chat, ChatState
from tickets.queries.chats import waiting_in, whole_chats

SHOWN = 50


@dataclass(frozen=True)
class ChatsNow:
    """Waiting in the order in which they are served, running by when they were taken."""

    waiting: list[Chat]
    running: list[Chat]


def chats_now(queues: Iterable[Queue]) -> ChatsNow:
    """The chats of these queues that are not over."""
    keys = [queue.pk for queue in queues]
    running = whole_chats().filter(queue__in=keys, state=ChatState.TALKING).order_by("answered_at", "pk")
    return ChatsNow(list(waiting_in(keys)[:SHOWN]), list(running[:SHOWN]))
