"""What the work area says between two calls."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.utils import timezone

from crmcore.models import AgentPresence, AgentSegment, User
from servicedesk.console.bar import Caller, caller_of
from servicedesk.console.worklist import MyTicket
from telephony.models import CallLeg
from telephony.states import LegKind

WORTH_DOING = 4
LAST_CALLS = 5
BUSIEST_DAY = 300


@dataclass(frozen=True)
class LastCall:
    leg: CallLeg
    caller: Caller
    wrap_up: timedelta | None


@dataclass(frozen=True)
class Between:
    """Today in four figures, what is worth doing, the last conversations."""

    calls_today: int
    wrap_up_median: float | None
    shift_seconds: float
    due_soon: int
    overdue: int
    tickets: list[MyTicket]
    unfinished: list[CallLeg]
    last_calls: list[LastCall]


def between_calls(user: User, now: datetime, *, mine: list[MyTicket], left_open: list[CallLeg]) -> Between:
    """The figures of this agent's own day, in the agent's zone; tickets and conversations as the work list has them."""
    today = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    legs = _legs_since(user, today)
    hour = now + timedelta(hours=1)
    wraps = [took.total_seconds() for leg in legs if (took := wrap_up_of(leg)) is not None]
    return Between(
        calls_today=len(legs),
        wrap_up_median=median(wraps) if wraps else None,
        shift_seconds=_shift_seconds(user, today, now),
        due_soon=sum(1 for row in mine if row.face and row.face.due and now < row.face.due <= hour),
        overdue=sum(1 for row in mine if row.face and row.face.state == "breach"),
        tickets=mine[:WORTH_DOING],
        unfinished=left_open[:WORTH_DOING],
        last_calls=[LastCall(leg, caller_of(leg.call, user), wrap_up_of(leg)) for leg in legs[:LAST_CALLS]],
    )


def wrap_up_of(leg: CallLeg) -> timedelta | None:
    if leg.wrap_up_started_at is None or leg.wrap_up_ended_at is None:
        return None
    return leg.wrap_up_ended_at - leg.wrap_up_started_at


def team_of(user: User) -> list[AgentPresence]:
    """Colleagues of the same teams who are on shift, the busiest first."""
    presences = AgentPresence.objects.filter(user__teams__in=user.teams.all(), user__is_active=True)
    rows = presences.exclude(user=user).exclude(chosen="offline").select_related("user").distinct()
    order = {"on_contact": 0, "connecting": 0, "reserved": 1, "idle": 2, "wrapup": 3, "not_responding": 4}
    return sorted(rows[:12], key=lambda row: (order.get(row.system, 5) + 5 * (row.chosen == "aux"), row.user.name))


def _legs_since(user: User, moment: datetime) -> list[CallLeg]:
    legs = CallLeg.objects.filter(agent=user, kind=LegKind.AGENT, joined_at__gte=moment)
    rows = legs.select_related("call__contact", "call__account", "call__queue", "outcome")
    return list(rows.order_by("-joined_at")[:BUSIEST_DAY])


def _shift_seconds(user: User, today: datetime, now: datetime) -> float:
    segments = AgentSegment.objects.filter(user=user, started_at__gte=today).exclude(chosen="offline")
    return sum(((end or now) - start).total_seconds() for start, end in segments.values_list("started_at", "ended_at"))
