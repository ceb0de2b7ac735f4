"""How many agents a load needs: Erlang B, C and A.

Sources: A. K. Erlang, "Solution of some problems in the theory of probabilities" (1917) for B and C; C. Palm (1946)
for A, the queue whose callers give up. Rates are per second, times are seconds, shares run from 0 to 1.
"""

from dataclasses import dataclass
from math import exp

# Past this many waiting callers the terms of Erlang A no longer add anything that a float can hold.
LONGEST_LINE = 100_000
NEGLIGIBLE = 1e-16


@dataclass(frozen=True)
class Load:
    """What comes in: `calls_per_hour` calls of `handle_s` seconds each, talk, hold and wrap-up included."""

    calls_per_hour: float
    handle_s: float

    @property
    def erlangs(self) -> float:
        """The traffic in erlangs: agents busy on average if nobody had to wait."""
        return self.calls_per_hour * self.handle_s / 3600


@dataclass(frozen=True)
class Forecast:
    """What the callers meet. `must_wait`: the share that waits at all. Waits are averages over all callers."""

    must_wait: float
    service_level: float | None
    wait_s: float
    occupancy: float
    abandoned: float = 0.0


def blocking(erlangs: float, agents: int) -> float:
    """Erlang B: the share of calls that find all `agents` busy when nobody may wait."""
    found = 1.0
    for busy in range(1, agents + 1):
        found = erlangs * found / (busy + erlangs * found)
    return found


def patient(load: Load, agents: int, *, within_s: float) -> Forecast | None:
    """Erlang C: callers who never give up. None when `agents` cannot keep up with the load."""
    traffic = load.erlangs
    if traffic <= 0:
        return Forecast(0.0, 1.0, 0.0, 0.0)
    if agents <= traffic:
        return None
    lost = blocking(traffic, agents)
    must_wait = lost / (1 - traffic / agents * (1 - lost))
    spare = agents - traffic
    return Forecast(
        must_wait=must_wait,
        service_level=1 - must_wait * exp(-spare * within_s / load.handle_s),
        wait_s=must_wait * load.handle_s / spare,
        occupancy=traffic / agents,
    )


def impatient(load: Load, agents: int, *, patience_s: float) -> Forecast:
    """Erlang A: callers who give up after `patience_s` on average. It settles whatever the load.

    Raises ValueError without agents or patience.
    """
    if agents < 1 or patience_s <= 0:
        raise ValueError("Erlang A needs at least one agent and some patience")
    if load.erlangs <= 0:
        return Forecast(0.0, None, 0.0, 0.0)
    arrivals, served, lost = load.calls_per_hour / 3600, 1 / load.handle_s, 1 / patience_s
    # Weights relative to the fullest state without a line, so that no factor overflows.
    below = _weights_below(arrivals, served, agents)
    above = _weights_above(arrivals, served, lost, agents)
    whole = sum(below) + sum(above)
    waiting = sum(length * weight for length, weight in enumerate(above)) / whole
    abandoned = lost * waiting / arrivals
    return Forecast(
        must_wait=sum(above) / whole,
        service_level=None,
        wait_s=waiting / arrivals,
        occupancy=load.erlangs * (1 - abandoned) / agents,
        abandoned=abandoned,
    )


def agents_needed(load: Load, *, target: float, within_s: float, shrinkage: float = 0.0) -> int:
    """The fewest agents that answer the share `target` within `within_s`, grossed up by `shrinkage`.

    Raises ValueError for a target or a shrinkage that no number of agents can meet.
    """
    if not 0 <= target < 1 or not 0 <= shrinkage < 1:
        raise ValueError("target and shrinkage are shares below 1")
    if load.erlangs <= 0:
        return 0
    agents = int(load.erlangs) + 1
    while (met := patient(load, agents, within_s=within_s)) is None or (met.service_level or 0) < target:
        agents += 1
    gross = agents / (1 - shrinkage)
    return int(gross) + (gross > int(gross))


def _weights_below(arrivals: float, served: float, agents: int) -> list[float]:
    """States with a free agent, from the fullest down, relative to all agents busy and nobody waiting."""
    weights, weight = [], 1.0
    for busy in range(agents, 0, -1):
        weight *= busy * served / arrivals
        weights.append(weight)
    return weights


def _weights_above(arrivals: float, served: float, lost: float, agents: int) -> list[float]:
    """States in which all agents are busy, by the length of the line."""
    weights, weight = [1.0], 1.0
    for length in range(1, LONGEST_LINE):
        weight *= arrivals / (agents * served + length * lost)
        weights.append(weight)
        if weight < NEGLIGIBLE:
            break
    return weights
