"""Calls that the desk placed, counted from the calls themselves: by interval, agent, campaign and outcome."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Count, DateTimeField, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Trunc

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
    calls = _calls(list(queues), start, end)
    agents, campaigns = _grouped(calls, "agent"), _grouped(calls, "campaign_attempt__target__campaign")
    people = User.objects.in_bulk([pk for pk in agents if pk])
    known = Campaign.objects.in_bulk([pk for pk in campaigns if pk])
    return OutboundReport(
        whole=_counted(calls.aggregate(**_SUMS)),
        intervals=_intervals(calls, start, step, zone),
        agents=sorted(((people[pk], row) for pk, row in agents.items() if pk in people), key=lambda row: row[0].name),
        campaigns=sorted(((known.get(pk), row) for pk, row in campaigns.items()), key=_by_size),
        outcomes=_outcomes(calls),
    )


_SUMS: dict[str, Any] = {
    "n": Count("pk"),
    "connected": Count("pk", filter=Q(answered_at__isnull=False)),
    "talked": Sum(Coalesce(F("talk"), 0)),
}


def _calls(queues: Sequence[Queue], start: datetime, end: datetime) -> QuerySet[Call]:
    ours = CallLeg.objects.filter(call=OuterRef("pk"), kind=LegKind.AGENT)
    talk = ours.order_by().values("call").annotate(sum=Sum("talk_seconds")).values("sum")
    placed = Call.objects.filter(
        Exists(ours.filter(joined_at__isnull=False)),
        direction=Call.Direction.OUT,
        state=CallState.ENDED,
        queue__in=queues,
        started_at__gte=start,
        started_at__lt=end,
    )
    return placed.annotate(talk=Subquery(talk)).order_by()


def _grouped(calls: QuerySet[Call], by: str) -> dict[int | None, Outbound]:
    return {row[by]: _counted(row) for row in calls.values(by).annotate(**_SUMS)}


def _intervals(calls: QuerySet[Call], start: datetime, step: str, zone: tzinfo) -> list[tuple[datetime, Outbound]]:
    if step in WIDTHS:
        moment: Any = Func(
            Value(WIDTHS[step]), F("started_at"), Value(start), function="date_bin", output_field=DateTimeField()
        )
    else:
        moment = Trunc("started_at", step, tzinfo=zone)
    rows = calls.annotate(step=moment).values("step").annotate(**_SUMS).order_by("step")
    return [(row["step"].astimezone(zone), _counted({**row})) for row in rows]


def _outcomes(calls: QuerySet[Call]) -> list[tuple[Outcome | None, int]]:
    """Conversations by outcome, the most frequent first; None where none was chosen."""
    legs = CallLeg.objects.filter(call__in=calls.filter(answered_at__isnull=False).values("pk"), kind=LegKind.AGENT)
    counts = dict(
        legs.filter(wrap_up_started_at__isnull=False).order_by().values_list("outcome").annotate(n=Count("pk"))
    )
    named = Outcome.objects.in_bulk([pk for pk in counts if pk])
    return sorted(((named.get(pk), number) for pk, number in counts.items()), key=lambda row: -row[1])


def _counted(row: dict[str, Any]) -> Outbound:
    return Outbound(row["n"], row["connected"], int(row["talked"] or 0))


def _by_size(row: tuple[Campaign | None, Outbound]) -> tuple[int, str]:
    return -row[1].attempts, row[0].label if row[0] else ""
