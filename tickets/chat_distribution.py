"""Who gets which chat: the longest effective wait first, then whoever holds the fewest. Pure: each rule is a test."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class WaitingChat:
    """A chat that waits for an offer. `asked` goes first, and need not serve the queue."""

    chat_id: int
    queue_id: int
    rank: datetime
    waited_s: float = 0.0
    asked: int | None = None
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Place:
    """An agent's place in a queue; `after_s`: how long a customer has waited before the agent's skills suffice."""

    penalty: int = 0
    after_s: float = 0.0


@dataclass(frozen=True)
class ChatAgent:
    """Somebody with a slot left. `taken` are the slots of the chats in hand, `last_at` the last time a chat came."""

    user_id: int
    limit: int
    taken: frozenset[int]
    last_at: datetime
    places: Mapping[int, Place]

    @property
    def slot(self) -> int | None:
        """The lowest free slot, None when the agent has as many chats as allowed."""
        return free_slot(self.taken, self.limit)


def free_slot(taken: Collection[int], limit: int) -> int | None:
    """The lowest of `limit` slots that is free; none where as many are taken, whatever their numbers."""
    if len(taken) >= limit:
        return None
    return next((slot for slot in range(limit) if slot not in taken), None)


def choose(chat: WaitingChat, agents: Iterable[ChatAgent]) -> ChatAgent | None:
    """The agent to whom this chat is offered; nobody when nobody fits."""
    fitting = [agent for agent in agents if fits(chat, agent)]
    return min(fitting, key=lambda agent: _order(chat, agent), default=None)


def fits(chat: WaitingChat, agent: ChatAgent) -> bool:
    """Whether the chat may be offered to the agent now."""
    if agent.slot is None or agent.user_id in chat.excluded:
        return False
    place = agent.places.get(chat.queue_id)
    return agent.user_id == chat.asked or (place is not None and chat.waited_s >= place.after_s)


def _order(chat: WaitingChat, agent: ChatAgent) -> tuple[bool, int, int, datetime, int]:
    penalty = agent.places.get(chat.queue_id, Place()).penalty
    return agent.user_id != chat.asked, penalty, len(agent.taken), agent.last_at, agent.user_id
