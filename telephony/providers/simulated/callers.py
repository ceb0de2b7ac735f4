"""The people behind simulated calls: why they call, how long they wait, how long they talk."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MEAN_PATIENCE_S = 90
SHORTEST_CALL_S = 15
MEAN_CALLED_TALK_S = 75
WITHHELD = "anonymous"
SHARE_WITHHELD = 0.08
SHARE_UNKNOWN = 0.25


@dataclass(frozen=True)
class Intent:
    """Why somebody calls: a queue's code, how often compared with others, and how long the talk takes on average."""

    code: str
    queue_codes: tuple[str, ...]
    weight: int
    mean_talk_s: int


INTENTS = (
    Intent("outage", ("network",), 5, 150),
    Intent("invoice", ("billing",), 4, 110),
    Intent("quote", ("sales",), 2, 180),
    Intent("delivery", ("chinese_desk", "sales"), 2, 90),
    Intent("repair", ("repairs",), 4, 140),
    Intent("complaint", ("complaints",), 2, 200),
)


@dataclass(frozen=True)
class SimulatedCaller:
    """One call to come: after `pause_s` seconds, from `number`, willing to wait `patience_s` and to talk `talk_s`."""

    pause_s: float
    number: str
    intent: Intent
    patience_s: float
    talk_s: float


def callers(
    rate_per_minute: float, *, seed: int | None, numbers: Sequence[str], queue_codes: Sequence[str]
) -> Iterator[SimulatedCaller]:
    """Endless callers at random, the same ones for the same seed. `numbers` are those of known customers."""
    if rate_per_minute <= 0:
        raise ValueError("the rate must be above 0")
    dice = random.Random(seed)  # noqa: S311  a drill, not a secret
    intents = [intent for intent in INTENTS if set(intent.queue_codes) & set(queue_codes)]
    intents = intents or [Intent("question", tuple(queue_codes), 1, 120)]
    while True:
        intent = dice.choices(intents, weights=[intent.weight for intent in intents])[0]
        yield SimulatedCaller(
            pause_s=dice.expovariate(rate_per_minute / 60),
            number=_number(dice, numbers),
            intent=intent,
            patience_s=dice.expovariate(1 / MEAN_PATIENCE_S),
            talk_s=SHORTEST_CALL_S + dice.expovariate(1 / (intent.mean_talk_s - SHORTEST_CALL_S)),
        )


def _number(dice: random.Random, numbers: Sequence[str]) -> str:
    """A known customer's number mostly; sometimes withheld, sometimes one that nobody knows."""
    chance = dice.random()
    if chance < SHARE_WITHHELD:
        return WITHHELD
    if chance < SHARE_WITHHELD + SHARE_UNKNOWN or not numbers:
        # 1 (NPA) 555-01XX and the unassigned Chinese range 100 can belong to nobody.
        return f"+1{dice.choice((206, 312, 415, 617))}55501{dice.randrange(100):02d}"
    return dice.choice(numbers)


@dataclass(frozen=True)
class Manners:
    """How somebody takes a call: it rings for `rings_s`, ends as `ending`, and an answered one lasts `talk_s`."""

    rings_s: float
    ending: str
    talk_s: float


def manners_of(number: str) -> Manners:
    """The same for the same number every time, so that a demonstration can be repeated."""
    dice = random.Random(number)  # noqa: S311  a drill, not a secret
    ending = dice.choices(("answered", "busy", "no_answer"), weights=(8, 1, 1))[0]
    rings_s = {"answered": dice.uniform(3, 8), "busy": 1.0, "no_answer": 25.0}[ending]
    return Manners(rings_s, ending, SHORTEST_CALL_S + dice.expovariate(1 / MEAN_CALLED_TALK_S))
