"""Stage flows: the stages that a ticket passes, who works them, what leads from one to the next. Plain data."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

END = "end"
# From the lowest to the highest, as `crmcore.models.Team.Tier`.
TIERS = ("project", "company", "group")
_LISTS = ("needs", "done", "next", "skips", "approvals")


class Act(TextChoices):
    """What may be delegated to a tier."""

    WORK = "work", _("Work a stage and hand it on")
    BACK = "back", _("Send back to an earlier stage")
    SKIP = "skip", _("Skip a stage")
    CLIMB = "climb", _("Hand up to the next tier")
    HAND_DOWN = "hand_down", _("Hand down again")


class Doing(TextChoices):
    """What must have happened during a stage before it ends."""

    ASSIGNED = "assigned", _("somebody owns it")
    NOTE = "note", _("a note was written")
    REPLY = "reply", _("the customer got an answer")


@dataclass(frozen=True)
class Stage:
    """One stage. `limit_s` are open seconds, 0 for none; `skips`, `limits` and `queues` go by category.

    Customers read `portal_name`; a stage without one stays behind the scenes.
    `approvals` are codes of the plans by which the ticket must be approved before the stage ends.
    """

    code: str
    name: str = ""
    name_zh: str = ""
    portal_name: str = ""
    portal_name_zh: str = ""
    tier: str = ""
    limit_s: int = 0
    needs: tuple[str, ...] = ()
    done: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    status: str = ""
    is_mandatory: bool = False
    takes_reopened: bool = False
    approvals: tuple[str, ...] = ()
    skips: tuple[str, ...] = ()
    limits: Mapping[str, int] = field(default_factory=dict)
    queues: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """The name in the active language."""
        chinese = (get_language() or "").startswith("zh")
        return (self.name_zh or self.name) if chinese else self.name

    @property
    def portal_label(self) -> str:
        """What customers read of it in the active language; empty for what they need not know."""
        chinese = (get_language() or "").startswith("zh")
        return (self.portal_name_zh or self.portal_name) if chinese else self.portal_name

    def limit(self, category: str) -> int:
        return self.limits.get(category, self.limit_s)


@dataclass(frozen=True)
class Flow:
    """Stages in their order. The value of `category_field` on a ticket decides what it skips and how long it has.

    A yes in one of the fields `alarms` makes the ticket urgent and a matter of the tier `alarm_tier` at least.
    """

    stages: tuple[Stage, ...] = ()
    category_field: str = ""
    alarms: tuple[str, ...] = ()
    alarm_tier: str = ""
    end_status: str = ""
    rights: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def tier_of(self, stage: Stage, fields: Mapping[str, Any]) -> str:
        """The tier that works a stage of a ticket with these fields."""
        alarmed = bool(stage.tier) and any(fields.get(code) is True for code in self.alarms)
        return max(stage.tier, self.alarm_tier, key=rank) if alarmed else stage.tier

    def stage(self, code: str) -> Stage | None:
        return next((stage for stage in self.stages if stage.code == code), None)

    def for_category(self, category: str) -> list[Stage]:
        """The stages that a ticket of this category passes."""
        return [stage for stage in self.stages if category not in stage.skips]

    def first(self, category: str) -> Stage | None:
        return next(iter(self.for_category(category)), None)

    def ways(self, stage: Stage, category: str) -> list[str]:
        """The codes that may follow, `END` among them; what the category skips is passed over."""
        found: dict[str, None] = {}
        seen: set[str] = set()
        for code in stage.next:
            found |= dict.fromkeys(self._landings(code, category, seen))
        return list(found)

    def before(self, stage: Stage, category: str) -> list[Stage]:
        """The stages that come earlier and can be gone back to."""
        line = self.for_category(category)
        return line[: next((at for at, one in enumerate(line) if one.code == stage.code), 0)]

    def _landings(self, code: str, category: str, seen: set[str]) -> Iterator[str]:
        target = self.stage(code)
        if code == END or target is None or category not in target.skips:
            yield code
        elif code not in seen:
            seen.add(code)
            for further in target.next:
                yield from self._landings(further, category, seen)


def read_flow(document: Mapping[str, Any]) -> Flow:
    """A stored document as a flow; what it does not say has its usual value."""
    stages = tuple(_stage(row) for row in document.get("stages", ()))
    rights = {tier: tuple(acts) for tier, acts in document.get("rights", {}).items()}
    return Flow(
        stages=stages,
        category_field=str(document.get("category_field", "")),
        alarms=tuple(document.get("alarms", ())),
        alarm_tier=str(document.get("alarm_tier", "")),
        end_status=str(document.get("end_status", "")),
        rights=rights,
    )


def _stage(row: Mapping[str, Any]) -> Stage:
    known: dict[str, Any] = {name: value for name, value in row.items() if name in Stage.__dataclass_fields__}
    lists: dict[str, Any] = {
        name: tuple(known[name]) for name in ("needs", "done", "next", "skips", "approvals") if name in known
    }
    return Stage(**known | lists)


def rank(tier: str) -> int:
    """How high a tier stands; 0 for none."""
    return TIERS.index(tier) + 1 if tier in TIERS else 0


def reachable(flow: Flow, category: str, start: Iterable[str]) -> set[str]:
    """Every code that can be come to from these, themselves included."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        code = waiting.pop()
        if code in found:
            continue
        found.add(code)
        stage = flow.stage(code)
        waiting += flow.ways(stage, category) if stage else []
    return found
