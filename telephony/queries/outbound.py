"""Calls that the desk placed, from sums of quarter hours: by interval, agent, campaign and outcome."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db.models import DateTimeField, F, Func, QuerySet, Sum, Value
from django.db.models.functions import Trunc

from crmcore.models import Outcome, Queue, User
from telephony.models import Campaign, PlacedOutcomeQuarter, PlacedQuarter

WIDTHS = {"quarter": timedelta(minutes=15), "half_hour": timedelta(minutes=30)}


@dataclass(frozen=True)
class Outbound:
    """Attempts: calls for which a customer's telephone was dialled. Connected: those in which both sides spoke."""

    attempts: int = 0
    connected: int = 0
    talk_seconds: int = 0

    def __add__(self, other: "Outbound") -> "Outbound":
        return Outbound(
            self.attempts + other.attempts,
            self.connected + other.connected,
            self.talk_seconds + other.talk_seconds,
        )

    @property
    def contact_rate(self) -> float | None:
        return self.connected / self.attempts if self.attempts else None

    @property
    def average_talk_s(self) -> float | None:
        return self.talk_seconds / self.connected if self.connected else None


@dataclass(frozen=True)
class OutboundReport:
    """The whole, and the same calls under four headings; a campaign of None stands for calls without one."""

    whole: Outbound
    intervals: list[tuple[datetime, Outbound]]
    agents: list[tuple[User, Outbound]]
    campaigns: list[tuple[Campaign | None, Outbound]]
    outcomes: list[tuple[Outcome | None, int]]


def outbound_report(queues: Iterable[Queue], start: datetime, end: datetime, step: str, zone: tzinfo) -> OutboundReport:
    """Calls placed under these queues that began between two moments and are over, from sums of quarter hours."""
    reach = {"queue__in": list(queues), "start__gte": start, "start__lt": end}
    cells = _cells(PlacedQuarter.objects.filter(**reach).order_by(), start, step, zone)
    intervals, agents, campaigns = (_under(cells, heading) for heading in ("step", "agent", "campaign"))
    people = User.objects.in_bulk([pk for pk in agents if pk])
    known = Campaign.objects.in_bulk([pk for pk in campaigns if pk])
    return OutboundReport(
        whole=sum(intervals.values(), Outbound()),
        intervals=[(moment.astimezone(zone), row) for moment, row in sorted(intervals.items())],
        agents=sorted(((people[pk], row) for pk, row in agents.items() if pk in people), key=lambda row: row[0].name),
        campaigns=sorted(((known.get(pk), row) for pk, row in campaigns.items()), key=_by_size),
        outcomes=_outcomes(PlacedOutcomeQuarter.objects.filter(**reach).order_by()),
    )


def _cells(sums: QuerySet[PlacedQuarter], start: datetime, step: str, zone: tzinfo) -> list[dict[str, Any]]:
    """The calls under all headings at once, in one statement: what stands under one heading is a sum of cells."""
    began = F("start")
    if step in WIDTHS:
        moment: Any = Func(Value(WIDTHS[step]), began, Value(start), function="date_bin", output_field=DateTimeField())
    else:
        moment = Trunc(began, step, tzinfo=zone)
    rows = sums.annotate(step=moment).values("step", "agent", "campaign")
    counted = rows.annotate(n=Sum("attempts"), spoken=Sum("connected"), talked=Sum("talk_seconds"))
    return [{**row} for row in counted]


def _under(cells: Iterable[dict[str, Any]], heading: str) -> dict[Any, Outbound]:
    found: dict[Any, Outbound] = {}
    for cell in cells:
        counted = Outbound(cell["n"], cell["spoken"], cell["talked"])
        found[cell[heading]] = found.get(cell[heading], Outbound()) + counted
    return found


def _outcomes(sums: QuerySet[PlacedOutcomeQuarter]) -> list[tuple[Outcome | None, int]]:
    """Conversations by outcome, the most frequent first; None where none was chosen."""
    counts = dict(sums.values_list("outcome").annotate(n=Sum("conversations")))
    named = Outcome.objects.in_bulk([pk for pk in counts if pk])
    return sorted(((named.get(pk), number) for pk, number in counts.items()), key=lambda row: -row[1])


def _by_size(row: tuple[Campaign | None, Outbound]) -> tuple[int, str]:
    return -row[1].attempts, row[0].label if row[0] else ""
