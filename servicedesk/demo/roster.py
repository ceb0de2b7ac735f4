"""Who took a call: nobody is in two conversations at once, and the one who waited longest is asked first."""

from collections import defaultdict
from datetime import datetime

from crmcore.models import Queue, User
from servicedesk.demo.cast import Cast


class Roster:
    """What every agent is booked for."""

    def __init__(self, cast: Cast) -> None:
        self._members = cast.members
        self._teams = {user.pk: {team.pk for team in user.teams.all()} for user in cast.staff.values()}
        self._booked: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)

    def book(self, agent: User, start: datetime, end: datetime) -> None:
        """Keep this stretch for the agent."""
        self._booked[agent.pk].append((start, end))

    def take(self, queue: Queue, start: datetime, end: datetime, *, own_team: bool) -> User | None:
        """Book and return a free member of the queue, of its own team where one is free; None when all are busy."""
        free = [agent for agent in self._members[queue.code] if self._is_free(agent, start, end)]
        at_home = [agent for agent in free if queue.team_id in self._teams[agent.pk]]
        candidates = at_home or ([] if own_team else free)
        if not candidates:
            return None
        agent = min(candidates, key=lambda one: (self._last_end(one, start), one.pk))
        self.book(agent, start, end)
        return agent

    def _is_free(self, agent: User, start: datetime, end: datetime) -> bool:
        return all(end <= begun or finished <= start for begun, finished in self._booked[agent.pk])

    def _last_end(self, agent: User, before: datetime) -> float:
        ends = [finished.timestamp() for _begun, finished in self._booked[agent.pk] if finished <= before]
        return max(ends, default=0.0)
