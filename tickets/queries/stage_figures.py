"""Figures of stages: what stands where now, and how long stages that ended in a period had taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Aggregate,
    Count,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.fields.json import KeyTextTransform

from crmcore.models import Queue, User
from tickets.models import SlaClock, StageFlow, StageVisit, Ticket, TicketField, TicketType
from tickets.stage_flow import Flow

STAGE = "stage"


class Percentile(Aggregate):
    """PERCENTILE_CONT: between the two values that lie nearest it is read off a straight line."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(fraction)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    name = "Percentile"
    output_field = DurationField()


@dataclass(frozen=True)
class Standing:
    """Running tickets of one stage, category or tier: all, those whose stage is overdue, those that were handed up."""

    code: str
    label: str
    tickets: int
    overdue: int
    escalated: int


@dataclass(frozen=True)
class Ended:
    """Stages of one kind that were done in a period. `in_time` is a share of those that had a limit, None without."""

    label: str
    visits: int
    median: timedelta | None
    p90: timedelta | None
    limited: int
    late: int

    @property
    def in_time(self) -> float | None:
        return 1 - self.late / self.limited if self.limited else None


@dataclass(frozen=True)
class TypeFigures:
    """One type of tickets with its flow: by stage in their order, by category, by tier, and what ended."""

    type: TicketType
    stages: list[Standing]
    categories: list[Standing]
    tiers: list[Standing]
    ended: list[Ended]


def stage_figures(user: User, queues: Sequence[Queue], since: datetime, until: datetime) -> list[TypeFigures]:
    """The figures of each type with stages, over the tickets of these queues that the reader may see."""
    flows = StageFlow.objects.select_related("type").order_by("type__position", "pk")
    visits = visits_for(user, queues)
    found = [_figures(one.type, version.read(), visits, since, until) for one in flows if (version := one.in_use)]
    return [one for one in found if any(row.tickets for row in one.stages) or any(row.visits for row in one.ended)]


def visits_for(user: User, queues: Sequence[Queue]) -> "QuerySet[StageVisit]":
    """Visits of tickets in reach, each with whether its stage is overdue now."""
    tickets = Ticket.objects.visible_to(user).filter(queue__in=queues)
    overdue = SlaClock.objects.filter(ticket=OuterRef("ticket"), metric=STAGE, state=SlaClock.State.BREACHED)
    return StageVisit.objects.filter(ticket__in=tickets).annotate(is_overdue=Exists(overdue))


def narrowed(visits: "QuerySet[StageVisit]", type_id: int, part: str, code: str, which: str) -> "QuerySet[StageVisit]":
    """The visits behind one figure: `part` is stage, category or tier, `which` all, overdue or escalated."""
    rows = visits.filter(left_at=None, ticket__type=type_id)
    if part == "category":
        flow = _flow_of(type_id)
        part = f"ticket__fields__{flow.category_field}" if flow and flow.category_field else "stage"
    rows = rows.filter(**{part: code})
    return rows.filter({"overdue": Q(is_overdue=True), "escalated": Q(climbs__gt=0)}.get(which, Q()))


def _figures(
    kind: TicketType, flow: Flow, visits: "QuerySet[StageVisit]", since: datetime, until: datetime
) -> TypeFigures:
    of_type = visits.filter(ticket__type=kind)
    running = of_type.filter(left_at=None)
    stages = [(stage.code, stage.label) for stage in flow.stages]
    field = TicketField.objects.filter(code=flow.category_field).first() if flow.category_field else None
    categories = [(one.code, one.label) for one in field.all_choices] if field else []
    tiers = [(code, str(label)) for code, label in StageVisit._meta.get_field("tier").flatchoices]
    by_category = _counted(_by_category(running, flow), "category") if categories else {}
    return TypeFigures(
        kind,
        _standings(_counted(running, STAGE), stages),
        _standings(by_category, categories),
        [row for row in _standings(_counted(running, "tier"), tiers) if row.tickets],
        _ended(of_type.filter(how=StageVisit.How.WORK, left_at__gte=since, left_at__lt=until), stages),
    )


def _flow_of(type_id: int) -> Flow | None:
    flow = StageFlow.objects.filter(type=type_id).first()
    version = flow.in_use if flow else None
    return version.read() if version else None


def _by_category(rows: "QuerySet[StageVisit]", flow: Flow) -> "QuerySet[StageVisit]":
    if not flow.category_field:
        return rows.annotate(category=Value("", output_field=TextField()))
    return rows.annotate(category=KeyTextTransform(flow.category_field, "ticket__fields"))


def _counted(rows: "QuerySet[StageVisit]", name: str) -> dict[Any, dict[str, Any]]:
    counted = (
        rows.values(name)
        .order_by()
        .annotate(
            tickets=Count("pk"),
            overdue=Count("pk", filter=Q(is_overdue=True)),
            escalated=Count("pk", filter=Q(climbs__gt=0)),
        )
    )
    return {row[name]: row for row in counted}


def _standings(counted: dict[Any, dict[str, Any]], named: Sequence[tuple[str, str]]) -> list[Standing]:
    """A row for each name, in their order; stages of older versions, which have no name any more, last by code."""
    gone = [(code, code) for code in counted if code and code not in dict(named)]
    zero = {"tickets": 0, "overdue": 0, "escalated": 0}
    return [Standing(code, label, *(counted.get(code, zero)[name] for name in zero)) for code, label in [*named, *gone]]


def _ended(rows: "QuerySet[StageVisit]", named: Sequence[tuple[str, str]]) -> list[Ended]:
    own = SlaClock.objects.filter(
        ticket=OuterRef("ticket"),
        metric=STAGE,
        # Clocks count whole seconds, visits do not.
        started_at__gt=OuterRef("entered_at") - timedelta(seconds=1),
        started_at__lte=OuterRef("left_at"),
        stopped_at__lte=OuterRef("left_at"),
    )
    took = ExpressionWrapper(F("left_at") - F("entered_at"), output_field=DurationField())
    measured = rows.annotate(
        took=took,
        has_limit=Exists(own.filter(target_s__isnull=False)),
        was_late=Exists(own.filter(state=SlaClock.State.MISSED)),
    )
    grouped = (
        measured.values(STAGE)
        .order_by()
        .annotate(
            visits=Count("pk"),
            median=Percentile("took", fraction=0.5),
            p90=Percentile("took", fraction=0.9),
            limited=Count("pk", filter=Q(has_limit=True)),
            late=Count("pk", filter=Q(has_limit=True, was_late=True)),
        )
    )
    found = {row.pop(STAGE): row for row in grouped}
    return [Ended(label, **found[code]) for code, label in named if code in found]
