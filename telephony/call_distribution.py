"""Who gets which call: one order of callers, each queue's order of agents. Pure, so every rule is a table in a test."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from crmcore.strategies import Strategy

LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Caller:
    """A waiting call. `rank` is its entry time minus its head start: the earliest rank is served first.

    `waited_s` counts from its entry, for skills that are asked less of with time. A caller who `holds` waits for the
    `preferred` agent alone; otherwise that agent only goes first.
    """

    call_id: int
    queue_id: int
    rank: datetime
    excluded: frozenset[int] = frozenset()
    strategy: str = Strategy.LONGEST_IDLE
    waited_s: float = 0.0
    preferred: int | None = None
    holds: bool = False


@dataclass(frozen=True)
class Seat:
    """An agent's place in a queue. `after_s`: how long a caller has waited before the agent's skills suffice."""

    penalty: int = 0
    position: int = 0
    after_s: float = 0.0


@dataclass(frozen=True)
class Load:
    """What an agent has done lately: occupied share of the time on duty, calls taken, last time something rang."""

    occupancy: float = 0.0
    calls: int = 0
    rang_at: datetime = LONG_AGO


@dataclass(frozen=True)
class FreeAgent:
    """A routable agent with the queues he may serve."""

    user_id: int
    idle_since: datetime
    seats: Mapping[int, Seat]
    load: Load = Load()


@dataclass(frozen=True)
class Match:
    """A caller and the agents at whom the call is to ring: one, unless the queue rings all."""

    caller: Caller
    agents: tuple[FreeAgent, ...]


# What is compared before idleness; the smallest is asked first.
MEASURES: Mapping[str, Callable[[FreeAgent, Seat], float]] = {
    Strategy.LONGEST_IDLE: lambda agent, seat: 0,
    Strategy.RING_ALL: lambda agent, seat: 0,
    Strategy.LEAST_OCCUPIED: lambda agent, seat: agent.load.occupancy,
    Strategy.FEWEST_CALLS: lambda agent, seat: agent.load.calls,
    Strategy.ROUND_ROBIN: lambda agent, seat: (agent.load.rang_at - LONG_AGO).total_seconds(),
    Strategy.LINEAR: lambda agent, seat: seat.position,
}
NEEDS_LOAD = frozenset({Strategy.LEAST_OCCUPIED, Strategy.FEWEST_CALLS, Strategy.ROUND_ROBIN})


def match(callers: Iterable[Caller], agents: Sequence[FreeAgent]) -> list[Match]:
    """Give every caller, in rank order, the best of the agents left (all equally preferred ones where all ring).

    The rank order is one for all queues, so an agent of several queues always gets the first caller over all of them.
    """
    free = {agent.user_id: agent for agent in agents}
    matches = []
    for caller in sorted(callers, key=lambda caller: (caller.rank, caller.call_id)):
        if not free:
            break
        if chosen := choose(caller, free.values()):
            matches.append(Match(caller, chosen))
            for agent in chosen:
                del free[agent.user_id]
    return matches


def choose(caller: Caller, agents: Iterable[FreeAgent]) -> tuple[FreeAgent, ...]:
    """At whom this call rings; nobody when nobody fits."""
    fitting = sorted((agent for agent in agents if fits(caller, agent)), key=lambda agent: _order(caller, agent))
    if caller.strategy != Strategy.RING_ALL or not fitting:
        return tuple(fitting[:1])
    rung = _rung(caller, fitting[0])
    return tuple(agent for agent in fitting if _rung(caller, agent) == rung)


def fits(caller: Caller, agent: FreeAgent) -> bool:
    """Whether the call may ring at the agent now."""
    seat = agent.seats.get(caller.queue_id)
    if seat is None or agent.user_id in caller.excluded or caller.waited_s < seat.after_s:
        return False
    return not caller.holds or agent.user_id == caller.preferred


def _rung(caller: Caller, agent: FreeAgent) -> tuple[bool, int]:
    """What goes before any strategy: the preferred agent, then the penalty."""
    return agent.user_id != caller.preferred, agent.seats[caller.queue_id].penalty


def _order(caller: Caller, agent: FreeAgent) -> tuple[bool, int, float, datetime, int]:
    measure = MEASURES[caller.strategy](agent, agent.seats[caller.queue_id])
    return *_rung(caller, agent), measure, agent.idle_since, agent.user_id
