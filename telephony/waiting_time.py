"""The arithmetic of the estimated wait."""

from collections.abc import Iterable

WEIGHT_OF_PAST = 0.75


def estimate(*, position: int, ready: int, agents: float, handle_time: float, abandon_share: float = 0.0) -> float:
    """Seconds until the caller at `position` (from 1) is answered.

    `agents` may be fractional: somebody who serves two busy queues counts half in each. Those ahead who will give up,
    `abandon_share` of them from 0 to 1, need no agent.
    """
    if agents <= 0:
        raise ValueError("an estimate needs agents")
    to_be_served = max(0, position - ready)
    return handle_time * to_be_served / agents * (1 - abandon_share)


def smoothed(values: Iterable[float]) -> float | None:
    """The exponentially weighted mean, oldest value first; None of nothing."""
    mean = None
    for value in values:
        mean = value if mean is None else WEIGHT_OF_PAST * mean + (1 - WEIGHT_OF_PAST) * value
    return mean
