"""Approval plans: who is asked in which order, how many must agree, and what becomes of silence. Plain data."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

MOST_STEPS = 10


class Needs(TextChoices):
    """How many of those whom a step asks must agree."""

    ONE = "one", _("One of them decides")
    ALL = "all", _("All of them")
    NUMBER = "number", _("A number of them")


class Whom(TextChoices):
    """What a step names: `[whom, value]`, where a leader needs no value."""

    USER = "user", _("Person")
    ROLE = "role", _("Role")
    TEAM = "team", _("Team")
    LEADER = "leader", _("Leader of the team in charge")
    TIER = "tier", _("Team of the tier above")


@dataclass(frozen=True)
class PlanStep:
    """One step. `hours` are hours until it is due, 0 for never; `escalate` is a user's id, `leader`, or empty."""

    name: str = ""
    name_zh: str = ""
    who: tuple[tuple[str, str], ...] = ()
    needs: str = Needs.ONE
    number: int = 1
    hours: int = 0
    remind: int = 0
    escalate: str = ""

    @property
    def label(self) -> str:
        """The name in the active language."""
        chinese = (get_language() or "").startswith("zh")
        return (self.name_zh or self.name) if chinese else self.name

    def needed(self, asked: int) -> int:
        """How many of `asked` people must agree: never more than there are."""
        wanted = {Needs.ONE: 1, Needs.ALL: asked}.get(Needs(self.needs), self.number)
        return max(1, min(wanted, asked))


@dataclass(frozen=True)
class Plan:
    """Steps in their order, for things that meet the conditions; `facts` are the codes of what is approved."""

    steps: tuple[PlanStep, ...] = ()
    conditions: Mapping[str, Any] = field(default_factory=dict)
    facts: tuple[str, ...] = ()
    may_approve_own: bool = False
    copies: tuple[int, ...] = ()

    def step(self, number: int) -> PlanStep | None:
        """The step of a number, counted from 1."""
        return self.steps[number - 1] if 0 < number <= len(self.steps) else None

    def document(self) -> dict[str, Any]:
        """As it is stored."""
        return asdict(self)


def read_plan(document: Mapping[str, Any]) -> Plan:
    """A stored document as a plan; what it does not say has its usual value."""
    return Plan(
        steps=tuple(_step(row) for row in document.get("steps", ())),
        conditions=document.get("conditions", {}),
        facts=tuple(document.get("facts", ())),
        may_approve_own=bool(document.get("may_approve_own")),
        copies=tuple(document.get("copies", ())),
    )


def _step(row: Mapping[str, Any]) -> PlanStep:
    known = {name: value for name, value in row.items() if name in PlanStep.__dataclass_fields__}
    return PlanStep(**known | {"who": tuple((kind, str(value)) for kind, value in row.get("who", ()))})
