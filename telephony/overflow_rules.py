"""Which rule of its queue sends a waiting caller elsewhere. Pure, so every rule is a table in a test."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from telephony.states import OverflowTarget


@dataclass(frozen=True)
class Rule:
    """A rule of a queue as it is compared; `limit` in seconds or callers, by `when`."""

    rule_id: int
    when: str
    limit: int
    target: str
    to_queue: int | None = None


@dataclass(frozen=True)
class Standing:
    """How a caller stands in the queue; `seen` are the queues in which the call has waited already.

    `barred`: targets that cannot be for this caller, or that a rule has tried before.
    """

    waited_s: float
    place: int
    agents_logged_in: int
    seen: Collection[int] = ()
    barred: Collection[str] = ()


def rule_for(rules: Sequence[Rule], standing: Standing) -> Rule | None:
    """The first rule that holds. Nobody is sent back to a queue he came from, so no two queues play ball."""
    return next((rule for rule in rules if _leads_on(rule, standing) and _holds(rule, standing)), None)


def _leads_on(rule: Rule, standing: Standing) -> bool:
    if rule.target in standing.barred:
        return False
    return rule.target != OverflowTarget.QUEUE or rule.to_queue not in standing.seen


def _holds(rule: Rule, standing: Standing) -> bool:
    match rule.when:
        case "wait":
            return standing.waited_s >= rule.limit
        case "length":
            return standing.place > rule.limit
        case "no_agent":
            return standing.agents_logged_in == 0
    return False
