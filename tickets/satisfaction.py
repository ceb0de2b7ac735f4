"""The figures that satisfaction is told by, from how often each score was given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

GOOD = {"csat": range(4, 6), "nps": range(9, 11), "effort": range(5, 8)}
LOW = {"csat": range(1, 3), "nps": range(7), "effort": range(1, 4)}


@dataclass(frozen=True)
class Scores:
    """How often each score of a measure was given."""

    measure: str
    counts: Mapping[int, int] = field(default_factory=dict)

    @property
    def answers(self) -> int:
        return sum(self.counts.values())

    @property
    def good(self) -> int:
        return sum(self.counts.get(score, 0) for score in GOOD[self.measure])

    @property
    def low(self) -> int:
        return sum(self.counts.get(score, 0) for score in LOW[self.measure])

    @property
    def between(self) -> int:
        return self.answers - self.good - self.low

    @property
    def figure(self) -> float | None:
        """The measure's own figure, None without answers: see the three functions below."""
        return FIGURES[self.measure](self) if self.answers else None

    def __add__(self, other: "Scores") -> "Scores":
        scores = {*self.counts, *other.counts}
        return Scores(self.measure, {one: self.counts.get(one, 0) + other.counts.get(one, 0) for one in scores})


def csat(scores: Scores) -> float:
    """Customer satisfaction: the share of 4 and 5 among all answers on the scale from 1 to 5, from 0 to 1.

    The "top two boxes", as in the American Marketing Association's Marketing Metrics (Farris et al., 2010).
    """
    return float(Fraction(scores.good, scores.answers))


def nps(scores: Scores) -> float:
    """Net promoter score: per cent of 9 and 10 less per cent of 0 to 6, from -100 to 100 (Reichheld, HBR, 2003)."""
    return float(100 * Fraction(scores.good - scores.low, scores.answers))


def effort(scores: Scores) -> float:
    """Customer effort score 2.0: the mean on the scale from 1 to 7, 7 being easiest (Dixon et al., CEB, 2013)."""
    return float(Fraction(sum(score * number for score, number in scores.counts.items()), scores.answers))


FIGURES = {"csat": csat, "nps": nps, "effort": effort}


def whole(measure: str, parts: Iterable[Scores]) -> Scores:
    """All of them together."""
    total = Scores(measure)
    for part in parts:
        total = total + part
    return total
