"""Calls that the desk placed, counted from the calls themselves: by interval, agent, campaign and outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Count, DateTimeField, F, Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Trunc

from crmcore.models import Outcome, Queue, User
from telephony.models import Call, CallLeg, Campaign
from telephony.states import CallState, LegKind

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
    """Calls placed under these queues that began between two moments and are over."""
    legs = _legs(list(queues), start, end)
    cells = _cells(legs, start, step, zone)
    intervals, agents = _under(cells, "step"), _under(cells, "call__agent")
    campaigns = _under(cells, "call__campaign_attempt__target__campaign")
    people = User.objects.in_bulk([pk for pk in agents if pk])
    known = Campaign.objects.in_bulk([pk for pk in campaigns if pk])
    return OutboundReport(
        whole=sum(intervals.values(), Outbound()),
        intervals=[(moment.astimezone(zone), row) for moment, row in sorted(intervals.items())],
        agents=sorted(((people[pk], row) for pk, row in agents.items() if pk in people), key=lambda row: row[0].name),
        campaigns=sorted(((known.get(pk), row) for pk, row in campaigns.items()), key=_by_size),
        outcomes=_outcomes(legs),
    )


def _legs(queues: Sequence[Queue], start: datetime, end: datetime) -> QuerySet[CallLeg]:
    """Legs of the agents who joined such calls; a call that was passed on has several."""
    return CallLeg.objects.filter(
        kind=LegKind.AGENT,
        joined_at__isnull=False,
        call__direction=Call.Direction.OUT,
        call__state=CallState.ENDED,
        call__queue__in=queues,
        call__started_at__gte=start,
        call__started_at__lt=end,
    ).order_by()


def _cells(legs: QuerySet[CallLeg], start: datetime, step: str, zone: tzinfo) -> list[dict[str, Any]]:
    """The calls under all headings at once, in one statement: what stands under one heading is a sum of cells."""
    began = F("call__started_at")
    if step in WIDTHS:
        moment: Any = Func(Value(WIDTHS[step]), began, Value(start), function="date_bin", output_field=DateTimeField())
    else:
        moment = Trunc(began, step, tzinfo=zone)
    rows = legs.annotate(step=moment).values("step", "call__agent", "call__campaign_attempt__target__campaign")
    connected = Count("call", distinct=True, filter=Q(call__answered_at__isnull=False))
    return [
        {**row}
        for row in rows.annotate(n=Count("call", distinct=True), connected=connected, talked=Sum("talk_seconds"))
    ]


def _under(cells: Iterable[dict[str, Any]], heading: str) -> dict[Any, Outbound]:
    found: dict[Any, Outbound] = {}
    for cell in cells:
        counted = Outbound(cell["n"], cell["connected"], cell["talked"])
        found[cell[heading]] = found.get(cell[heading], Outbound()) + counted
    return found


def _outcomes(legs: QuerySet[CallLeg]) -> list[tuple[Outcome | None, int]]:
    """Conversations by outcome, the most frequent first; None where none was chosen."""
    wrapped_up = legs.filter(call__answered_at__isnull=False, wrap_up_started_at__isnull=False)
    counts = dict(wrapped_up.values_list("outcome").annotate(n=Count("pk")))
    named = Outcome.objects.in_bulk([pk for pk in counts if pk])
    return sorted(((named.get(pk), number) for pk, number in counts.items()), key=lambda row: -row[1])


def _by_size(row: tuple[Campaign | None, Outbound]) -> tuple[int, str]:
    return -row[1].attempts, row[0].label if row[0] else ""
