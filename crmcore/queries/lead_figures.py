"""The stock-taking of leads: what is open and how old, where leads come from and what becomes of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from crmcore.models import (
    CloseReason,
    CodeEntry,
    IntentionGrade,
    Lead,
    LeadContact,
    LeadMethod,
    LeadState,
    Product,
    Reception,
    User,
)

# Days since the opening at which one age ends and the next begins.
AGES = (7, 30, 90)
VISITS = (LeadMethod.VISIT, LeadMethod.RECEIVED)


@dataclass(frozen=True)
class StockRow:
    """The open leads of a grade by their age, from the youngest; how many of them are overdue."""

    grade: IntentionGrade
    by_age: list[int]
    overdue: int

    @property
    def total(self) -> int:
        return sum(self.by_age)


@dataclass
class Traffic:
    """What happened in a period with the leads of one source, owner or product."""

    opened: int = 0
    walk_ins: int = 0
    calls_in: int = 0
    visits: int = 0
    calls: int = 0
    demonstrations: int = 0
    converted: int = 0
    lost: int = 0
    invalid: int = 0

    def cells(self) -> list[int]:
        """The figures in the order of the table."""
        return [
            *(self.opened, self.walk_ins, self.calls_in, self.visits, self.calls),
            *(self.demonstrations, self.converted, self.lost, self.invalid),
        ]


@dataclass(frozen=True)
class Part:
    """One line of a table: what it is about, None for nothing in particular."""

    of: Any
    traffic: Traffic = field(default_factory=Traffic)


def stock(user: User, now: datetime) -> list[StockRow]:
    """The open leads that `user` may see, by grade and age."""
    rows = Lead.objects.visible_to(user).filter(state=LeadState.OPEN).order_by()
    edges = [now - timedelta(days=days) for days in AGES]
    counts: dict[str, Any] = {"overdue": Count("pk", filter=Q(due_at__lte=now))}
    newest: list[datetime | None] = [None, *edges]
    oldest: list[datetime | None] = [*edges, None]
    for place, (until, since) in enumerate(zip(newest, oldest, strict=True)):
        within = Q(opened_at__gt=since) if since else Q()
        within &= Q(opened_at__lte=until) if until else Q()
        counts[f"age{place}"] = Count("pk", filter=within) if within else Count("pk")
    found: dict[int, Any] = {one["grade"]: one for one in rows.values("grade").annotate(**counts)}
    grades = IntentionGrade.objects.filter(Q(is_active=True) | Q(pk__in=found)).order_by("position", "pk")
    return [_stock_row(grade, found.get(grade.pk, {})) for grade in grades]


def traffic(user: User, start: datetime, end: datetime, part: str) -> list[Part]:
    """The figures of a period by `source`, `owner` or `product`, the most opened first."""
    found: dict[int | None, Traffic] = defaultdict(Traffic)
    leads: QuerySet[Lead] = Lead.objects.visible_to(user)
    _count(found, _within(leads, "opened_at", start, end), part, opened=Q())
    _count(
        found,
        _within(leads, "closed_at", start, end),
        part,
        converted=Q(state=LeadState.CONVERTED),
        lost=Q(state=LeadState.LOST),
        invalid=Q(state=LeadState.INVALID),
    )
    spoken = _within(LeadContact.objects.filter(lead__in=leads), "at", start, end)
    spoken_part = "by" if part == "owner" else f"lead__{part}"
    _count(
        found,
        spoken,
        spoken_part,
        visits=Q(method__in=VISITS),
        calls=Q(method=LeadMethod.CALL),
        demonstrations=Q(was_demonstrated=True),
    )
    register = _within(Reception.objects.visible_to(user), "arrived_at", start, end)
    _count(
        found,
        register,
        "consultant" if part == "owner" else part,
        walk_ins=Q(kind=Reception.Kind.WALK_IN),
        calls_in=Q(kind=Reception.Kind.CALL),
        demonstrations=Q(was_demonstrated=True),
    )
    return _named(found, part)


def opened_by_step(user: User, steps: Iterable[tuple[datetime, datetime]]) -> list[tuple[int, int, int]]:
    """Per step of a period: opened, converted, and ended as lost or invalid."""
    leads: QuerySet[Lead] = Lead.objects.visible_to(user).order_by()
    steps = list(steps)
    counts: dict[str, Any] = {}
    for place, (start, end) in enumerate(steps):
        ended = Q(closed_at__gte=start, closed_at__lt=end)
        counts[f"o{place}"] = Count("pk", filter=Q(opened_at__gte=start, opened_at__lt=end))
        counts[f"c{place}"] = Count("pk", filter=ended & Q(state=LeadState.CONVERTED))
        counts[f"l{place}"] = Count("pk", filter=ended & Q(state__in=[LeadState.LOST, LeadState.INVALID]))
    found = leads.aggregate(**counts) if counts else {}
    return [(found[f"o{place}"], found[f"c{place}"], found[f"l{place}"]) for place in range(len(steps))]


def losses(user: User, start: datetime, end: datetime) -> list[tuple[CloseReason, int]]:
    """Why leads ended without a sale in a period, the most frequent reason first."""
    ended = _within(Lead.objects.visible_to(user).exclude(close_reason=""), "closed_at", start, end).order_by()
    counted = ended.values_list("close_reason").annotate(number=Count("pk")).order_by("-number", "close_reason")
    return [(CloseReason(reason), number) for reason, number in counted]


def _stock_row(grade: IntentionGrade, found: dict[str, int]) -> StockRow:
    return StockRow(grade, [found.get(f"age{place}", 0) for place in range(len(AGES) + 1)], found.get("overdue", 0))


def _within(rows: Any, column: str, start: datetime, end: datetime) -> Any:
    return rows.filter(**{f"{column}__gte": start, f"{column}__lt": end})


def _count(found: dict[int | None, Traffic], rows: Any, part: str, **kinds: Q) -> None:
    counts = {f"n_{name}": Count("pk", filter=kind) if kind else Count("pk") for name, kind in kinds.items()}
    for one in rows.order_by().values(part).annotate(**counts):
        traffic_of = found[one[part]]
        for name in kinds:
            setattr(traffic_of, name, getattr(traffic_of, name) + one[f"n_{name}"])


_MODELS: dict[str, Callable[[list[int]], dict[int, Any]]] = {
    "source": lambda keys: CodeEntry.objects.in_bulk(keys),
    "owner": lambda keys: User.objects.in_bulk(keys),
    "product": lambda keys: Product.objects.in_bulk(keys),
}


def _named(found: dict[int | None, Traffic], part: str) -> list[Part]:
    named = _MODELS[part]([key for key in found if key is not None])
    parts = [Part(named.get(key or 0), traffic_of) for key, traffic_of in found.items()]
    return sorted(parts, key=lambda one: (-sum(one.traffic.cells()[:3]), -sum(one.traffic.cells())))
