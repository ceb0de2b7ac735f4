"""Who gets which call: one order of callers, longest-idle agent first. Pure, so every rule is a table in a test."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Caller:
    """A waiting call. `rank` is its entry time minus its head start: the earliest rank is served first."""

    call_id: int
    queue_id: int
    rank: datetime
    excluded: frozenset[int] = frozenset()


@dataclass(frozen=True)
class FreeAgent:
    """A routable agent with the queues he is qualified for, each with his penalty there."""

    user_id: int
    idle_since: datetime
    penalties: Mapping[int, int]


@dataclass(frozen=True)
class Pair:
    caller: Caller
    agent: FreeAgent


def pair(callers: Iterable[Caller], agents: Sequence[FreeAgent]) -> list[Pair]:
    """Give every caller, in rank order, the best agent left: lowest penalty in the queue, then longest idle.

    The rank order is one for all queues, so an agent of several queues always gets the first caller over all of them.
    """
    free = {agent.user_id: agent for agent in agents}
    pairs = []
    for caller in sorted(callers, key=lambda caller: (caller.rank, caller.call_id)):
        if not free:
            break
        agent = best_agent(caller, free.values())
        if agent is not None:
            pairs.append(Pair(caller, free.pop(agent.user_id)))
    return pairs


def best_agent(caller: Caller, agents: Iterable[FreeAgent]) -> FreeAgent | None:
    """The agent for one caller, or None when nobody fits."""
    fitting = (agent for agent in agents if caller.queue_id in agent.penalties and agent.user_id not in caller.excluded)
    return min(
        fitting,
        key=lambda agent: (agent.penalties[caller.queue_id], agent.idle_since, agent.user_id),
        default=None,
    )
