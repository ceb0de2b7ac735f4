"""Timing a thing many times, and saying what came out."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value with its unit and, where it helps, what it is to be compared with."""

    name: str
    value: float
    unit: str
    note: str = ""

    def __str__(self) -> str:
        return f"  {self.name:<52} {self.value:>12,.2f} {self.unit:<10} {self.note}"


@dataclass(frozen=True)
class Times:
    """Milliseconds of repeated runs."""

    runs: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.runs)

    @property
    def p95(self) -> float:
        return self._share(0.95)

    @property
    def p99(self) -> float:
        return self._share(0.99)

    def _share(self, share: float) -> float:
        return sorted(self.runs)[int(len(self.runs) * share)]


def timed(work: Callable[[], object], repeat: int, *, warm_up: int = 1) -> Times:
    """Run `work` and time each run."""
    for _ in range(warm_up):
        work()
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        runs.append(1000 * (time.perf_counter() - start))
    return Times(runs)
