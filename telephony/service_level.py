"""Service level in its five usual definitions, abandon rate and answer time, from plain counts."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Counts:
    """What entered a queue in an interval. `_in_time` means within the threshold, short is an early hang-up."""

    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0
    abandoned_in_time: int = 0
    short_abandons: int = 0
    flowed_out: int = 0
    flowed_out_in_time: int = 0
    answer_seconds: float = 0.0

    @property
    def offered(self) -> int:
        """All that have left the queue, whichever way."""
        return self.answered + self.abandoned + self.flowed_out


class Formula(StrEnum):
    """How a service level counts those who were not answered."""

    ANSWERED_ONLY = "sl1"
    ABANDONS_IN_TIME_COUNT = "sl2"
    WITHOUT_SHORT_ABANDONS = "sl3"
    LEFT_IN_TIME = "sl4"
    IGNORE_ABANDONS_IN_TIME = "sl5"


def service_level(
    counts: Counts, formula: Formula = Formula.WITHOUT_SHORT_ABANDONS, *, with_flow_outs: bool = False
) -> float | None:
    """The share from 0 to 1, None when nothing was offered: an empty interval is not a perfect one.

    `with_flow_outs` lets WITHOUT_SHORT_ABANDONS count overflowed calls as missed.
    """
    a, a_t, b, b_t = counts.answered, counts.answered_in_time, counts.abandoned, counts.abandoned_in_time
    match formula:
        case Formula.ANSWERED_ONLY:
            return _share(a_t, a)
        case Formula.ABANDONS_IN_TIME_COUNT:
            return _share(a_t + b_t, a + b)
        case Formula.WITHOUT_SHORT_ABANDONS:
            return _share(a_t, a + b - counts.short_abandons + (counts.flowed_out if with_flow_outs else 0))
        case Formula.LEFT_IN_TIME:
            return _share(a_t + b_t + counts.flowed_out_in_time, counts.offered)
        case Formula.IGNORE_ABANDONS_IN_TIME:
            return _share(a_t, a + b - b_t)


def abandon_rate(counts: Counts) -> float | None:
    """Abandons without the short ones, over what was offered without them; None when nothing was offered."""
    return _share(counts.abandoned - counts.short_abandons, counts.offered - counts.short_abandons)


def average_answer_seconds(counts: Counts) -> float | None:
    """Average speed of answer in seconds, over the answered; None when none was."""
    return counts.answer_seconds / counts.answered if counts.answered else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None
