"""Figures of past intervals: sums of quarter hours, by interval, by queue, by agent."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db.models import Max, Sum
from django.db.models.functions import Trunc

from crmcore.models import Queue, User
from telephony.models import AgentQuarter, QueueQuarter, RollUp
from telephony.service_level import Counts

COUNTED = tuple(counted.name for counted in fields(Counts))
HANDLING = ("abandon_seconds", "handled", "talk_seconds", "hold_seconds", "wrap_up_seconds")
SPENT = ("ready_seconds", "ringing_seconds", "contact_seconds", "wrap_up_seconds", "away_seconds")
WORKED = ("offers", "accepted", "missed", "rejected", "handled", "talk_seconds", "hold_seconds")


@dataclass(frozen=True)
class Handling:
    """What callers and agents did in an interval. Times are seconds, averages None where nothing is to average."""

    counts: Counts = field(default_factory=Counts)
    abandon_seconds: float = 0.0
    longest_wait_s: float = 0.0
    handled: int = 0
    talk_seconds: int = 0
    hold_seconds: int = 0
    wrap_up_seconds: float = 0.0

    @property
    def average_handle_s(self) -> float | None:
        """AHT: talk, hold and wrap-up over the calls handled."""
        whole = self.talk_seconds + self.hold_seconds + self.wrap_up_seconds
        return whole / self.handled if self.handled else None

    @property
    def average_abandon_s(self) -> float | None:
        return self.abandon_seconds / self.counts.abandoned if self.counts.abandoned else None


@dataclass(frozen=True)
class AgentDay:
    """How an agent spent an interval (seconds) and what became of the offers made to him."""

    agent: User
    ready_seconds: float
    ringing_seconds: float
    contact_seconds: float
    wrap_up_seconds: float
    away_seconds: float
    offers: int
    accepted: int
    missed: int
    rejected: int
    handled: int
    talk_seconds: int
    hold_seconds: int

    @property
    def shift_seconds(self) -> float:
        return self.busy_seconds + self.ready_seconds + self.away_seconds

    @property
    def busy_seconds(self) -> float:
        return self.ringing_seconds + self.contact_seconds + self.wrap_up_seconds

    @property
    def occupancy(self) -> float | None:
        """Share of the time on work over work and readiness; breaks do not count. None without either."""
        whole = self.busy_seconds + self.ready_seconds
        return self.busy_seconds / whole if whole else None

    @property
    def utilisation(self) -> float | None:
        """Share of the time on work over the whole shift, breaks included."""
        return self.busy_seconds / self.shift_seconds if self.shift_seconds else None

    @property
    def average_handle_s(self) -> float | None:
        whole = self.talk_seconds + self.hold_seconds + self.wrap_up_seconds
        return whole / self.handled if self.handled else None

    @property
    def answer_rate(self) -> float | None:
        return self.accepted / self.offers if self.offers else None


def by_interval(
    queues: Iterable[Queue], start: datetime, end: datetime, step: str, zone: tzinfo
) -> list[tuple[datetime, Handling]]:
    """Figures per step of the zone: `quarter`, `half_hour`, `hour`, `day`, `week` or `month`; empty steps left out."""
    rows = _quarters(queues, start, end)
    if step in ("quarter", "half_hour"):
        width = timedelta(minutes=15 if step == "quarter" else 30)
        return _binned(rows.values("start").annotate(**_sums()).order_by("start"), width, zone)
    found = rows.values(step=Trunc("start", step, tzinfo=zone)).annotate(**_sums()).order_by("step")
    return [(row["step"], _handling({**row})) for row in found]


def by_queue(queues: Iterable[Queue], start: datetime, end: datetime) -> list[tuple[Queue, Handling]]:
    """Figures of each queue, in the order given."""
    listed = list(queues)
    found = _quarters(listed, start, end).order_by().values("queue").annotate(**_sums())
    rows = {row["queue"]: _handling({**row}) for row in found}
    return [(queue, rows.get(queue.pk, Handling())) for queue in listed]


def total(parts: Iterable[Handling]) -> Handling:
    """The sum of several."""
    listed = list(parts)
    counts = {name: sum(getattr(part.counts, name) for part in listed) for name in COUNTED}
    longest = max((part.longest_wait_s for part in listed), default=0.0)
    rest = {name: sum(getattr(part, name) for part in listed) for name in HANDLING}
    return Handling(counts=Counts(**counts), longest_wait_s=longest, **rest)


def by_agent(agents: Iterable[User], start: datetime, end: datetime) -> list[AgentDay]:
    """What each agent did in the interval, by name; who was not there is left out."""
    people = {agent.pk: agent for agent in agents}
    rows = AgentQuarter.objects.filter(agent__in=people, start__gte=start, start__lt=end).order_by()
    found = rows.values("agent").annotate(**{f"sum_{name}": Sum(name) for name in (*SPENT, *WORKED)})
    days = [_agent_day(people, {**row}) for row in found]
    return sorted(days, key=lambda one: one.agent.name)


def _agent_day(people: dict[int, User], row: dict[str, Any]) -> AgentDay:
    return AgentDay(people[row["agent"]], **{name: row[f"sum_{name}"] for name in (*SPENT, *WORKED)})


def summed_up_until() -> datetime | None:
    """How fresh the figures are; None before the first summing-up."""
    return RollUp.objects.values_list("done_until", flat=True).filter(pk=1).first()


def _quarters(queues: Iterable[Queue], start: datetime, end: datetime) -> Any:
    return QueueQuarter.objects.filter(queue__in=list(queues), start__gte=start, start__lt=end)


def _sums() -> dict[str, Any]:
    sums: dict[str, Any] = {f"sum_{name}": Sum(name) for name in (*COUNTED, *HANDLING)}
    return sums | {"longest": Max("longest_wait_s")}


def _handling(row: dict[str, Any]) -> Handling:
    counts = Counts(**{name: row[f"sum_{name}"] for name in COUNTED})
    rest = {name: row[f"sum_{name}"] for name in HANDLING}
    return Handling(counts=counts, longest_wait_s=row["longest"], **rest)


def _binned(rows: Iterable[dict[str, Any]], width: timedelta, zone: tzinfo) -> list[tuple[datetime, Handling]]:
    """Quarter hours joined to steps of `width`, counted from the full hour of the zone."""
    bins: dict[datetime, list[Handling]] = {}
    minutes = int(width.total_seconds() // 60)
    for row in rows:
        local = row["start"].astimezone(zone)
        step = local.replace(minute=local.minute // minutes * minutes)
        bins.setdefault(step, []).append(_handling(row))
    return [(step, total(parts)) for step, parts in bins.items()]
