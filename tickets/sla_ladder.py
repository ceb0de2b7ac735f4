"""The ladder of a policy: what happens on the way to a due moment and after it, step by step."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from tickets.sla_clock import Mark


class When(TextChoices):
    PERCENT = "percent", _("per cent used")
    BEFORE = "before", _("before it is due")
    DUE = "due", _("once it is overdue")
    AFTER = "after", _("after it was due")


class Act(TextChoices):
    SHOW = "show", _("Show it as due soon")
    NOTIFY_OWNER = "notify_owner", _("Tell the owner")
    NOTIFY_LEADER = "notify_leader", _("Tell the team's leader")
    NOTIFY_PERSON = "notify_person", _("Tell a person")
    RAISE = "raise", _("Raise the priority by one")
    ASSIGN = "assign", _("Give it to a person")
    MOVE = "move", _("Move it to a queue")
    CLIMB = "climb", _("Pass it to the team above")


@dataclass(frozen=True)
class Step:
    """One rung. `amount` is per cent or seconds, `who` a person's or queue's id, an empty metric stands for all."""

    when: When
    act: Act
    amount: int = 0
    who: int | None = None
    metric: str = ""
    at_any_hour: bool = False

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Step":
        """A stored step. Raises ValueError or KeyError for one that nobody wrote here."""
        return cls(**{**stored, "when": When(stored["when"]), "act": Act(stored["act"])})

    def stored(self) -> dict[str, Any]:
        return {**asdict(self), "when": self.when.value, "act": self.act.value}

    def counted_s(self, target_s: int) -> int:
        """After how many counted seconds it is taken; 0 or less where it lies before the start."""
        return {
            When.PERCENT: target_s * self.amount // 100,
            When.BEFORE: target_s - self.amount,
            When.DUE: target_s,
            When.AFTER: target_s + self.amount,
        }[self.when]


USUAL = (
    Step(When.PERCENT, Act.NOTIFY_OWNER, 80),
    Step(When.DUE, Act.NOTIFY_OWNER),
    Step(When.DUE, Act.NOTIFY_LEADER),
)


def usual_steps() -> list[dict[str, Any]]:
    """What a new policy does: tell the owner at four fifths and at the end, and then the leader too."""
    return [step.stored() for step in USUAL]


def marks_of(stored: Iterable[Mapping[str, Any]], metric: str, target_s: int) -> tuple[Mark, ...]:
    """The steps that a clock of this metric passes, as counted seconds; their places in the ladder stay."""
    steps = [(place, Step.read(one)) for place, one in enumerate(stored, 1)]
    marks = [
        Mark(place, step.counted_s(target_s), step.act != Act.SHOW, step.at_any_hour)
        for place, step in steps
        if step.metric in ("", metric)
    ]
    return tuple(mark for mark in marks if mark.seconds > 0)
