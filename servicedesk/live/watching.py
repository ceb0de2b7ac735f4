"""Which tabs of this process show which ticket: told when they come, act and go, and again with every beat."""

from functools import partial

from redis import RedisError

from servicedesk.live.threads import in_thread
from tickets.actions.viewing import look, look_away, still_looking
from tickets.viewers import Doing

NOUN = "viewers:"


class Watching:
    """Topic and tab → the person and what they do."""

    def __init__(self) -> None:
        self._tabs: dict[tuple[int, str], tuple[int, str]] = {}

    async def began(self, topic: str, tab: str, user_id: int) -> None:
        if _ticket(topic):
            await self.does(topic, tab, user_id, Doing.VIEWING, only_known=False)

    async def does(self, topic: str, tab: str, user_id: int, doing: str, *, only_known: bool = True) -> None:
        """What the person behind a tab does with the ticket; what nobody knows to do is not taken down."""
        ticket_id = _ticket(topic)
        if doing not in Doing.values or (only_known and (ticket_id, tab) not in self._tabs):
            return
        self._tabs[ticket_id, tab] = (user_id, doing)
        try:
            await in_thread(partial(look, ticket_id, tab=tab, user_id=user_id, doing=doing))
        except (RedisError, OSError):
            return

    async def ended(self, topic: str, tab: str) -> None:
        ticket_id = _ticket(topic)
        if self._tabs.pop((ticket_id, tab), None) is not None:
            try:
                await in_thread(partial(look_away, ticket_id, tab=tab))
            except (RedisError, OSError):
                return

    async def beat(self) -> None:
        """Say again who is there. Raises RedisError."""
        tabs = [(ticket_id, tab, user_id, doing) for (ticket_id, tab), (user_id, doing) in self._tabs.items()]
        if tabs:
            await in_thread(still_looking, tabs)


def _ticket(topic: str) -> int:
    """The ticket whose viewers a topic is about, 0 for any other topic."""
    number = topic.removeprefix(NOUN)
    return int(number) if topic.startswith(NOUN) and number.isdecimal() else 0
