"""Service level in its five usual definitions, abandon rate and answer time, from plain counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from crmcore.service_levels import Formula


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


class Measured(Protocol):
    """What a queue says of its service level."""

    service_level_formula: str
    counts_abandons: bool
    counts_short_abandons: bool
    counts_flow_outs: bool


@dataclass(frozen=True)
class Definition:
    """How a service level is counted; the switches belong to WITHOUT_SHORT_ABANDONS alone."""

    formula: Formula = Formula.WITHOUT_SHORT_ABANDONS
    with_abandons: bool = True
    with_short_abandons: bool = False
    with_flow_outs: bool = False

    @classmethod
    def of(cls, queue: Measured) -> "Definition":
        switches = (queue.counts_abandons, queue.counts_short_abandons, queue.counts_flow_outs)
        return cls(Formula(queue.service_level_formula), *switches)


USUAL = Definition()


def service_level(counts: Counts, definition: Definition = USUAL) -> float | None:
    """The share from 0 to 1, None when nothing was offered: an empty interval is not a perfect one."""
    return level_of([(counts, definition)])


def level_of(parts: Iterable[tuple[Counts, Definition]]) -> float | None:
    """The service level of several queues together, each counted by its own definition."""
    fractions = [_fraction(counts, definition) for counts, definition in parts]
    return _share(sum(above for above, _below in fractions), sum(below for _above, below in fractions))


def _fraction(counts: Counts, definition: Definition) -> tuple[int, int]:
    a, a_t, b, b_t = counts.answered, counts.answered_in_time, counts.abandoned, counts.abandoned_in_time
    match definition.formula:
        case Formula.ANSWERED_ONLY:
            return a_t, a
        case Formula.ABANDONS_IN_TIME_COUNT:
            return a_t + b_t, a + b
        case Formula.WITHOUT_SHORT_ABANDONS:
            return a_t, a + _switched(counts, definition)
        case Formula.LEFT_IN_TIME:
            return a_t + b_t + counts.flowed_out_in_time, counts.offered
        case Formula.IGNORE_ABANDONS_IN_TIME:
            return a_t, a + b - b_t


def _switched(counts: Counts, definition: Definition) -> int:
    """Who counts as missed by the switches."""
    short = 0 if definition.with_short_abandons else counts.short_abandons
    abandoned = counts.abandoned - short if definition.with_abandons else 0
    return abandoned + (counts.flowed_out if definition.with_flow_outs else 0)


def abandon_rate(counts: Counts) -> float | None:
    """Abandons without the short ones, over what was offered without them; None when nothing was offered."""
    return _share(counts.abandoned - counts.short_abandons, counts.offered - counts.short_abandons)


def average_answer_seconds(counts: Counts) -> float | None:
    """Average speed of answer in seconds, over the answered; None when none was."""
    return counts.answer_seconds / counts.answered if counts.answered else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None
