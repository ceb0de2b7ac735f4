"""What customers answered, counted by score: in all, by day, and by who or what the answers are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from crmcore.models import Account, Queue, Team, User
from tickets.models import Survey, TicketType
from tickets.satisfaction import Scores

# Ranked by figure; below these nobody reads on.
MOST = 50
GROUPS: dict[str, tuple[str, Any]] = {
    "agent": ("agent", User),
    "team": ("queue__team", Team),
    "type": ("ticket__type", TicketType),
    "customer": ("account", Account),
}


@dataclass(frozen=True)
class Asked:
    """Of those who were asked in a period, how many answered, then or later."""

    asked: int
    answered: int

    @property
    def rate(self) -> float | None:
        return self.answered / self.asked if self.asked else None


def answers_in(user: User, measure: str, queues: Sequence[Queue], start: datetime, end: datetime) -> QuerySet[Survey]:
    """The answers that the reader may see, by when they were given."""
    rows = Survey.objects.visible_to(user).filter(measure=measure, state=Survey.State.ANSWERED, queue__in=queues)
    return rows.filter(answered_at__gte=start, answered_at__lt=end)


def asked_in(user: User, measure: str, queues: Sequence[Queue], start: datetime, end: datetime) -> Asked:
    """How many were asked by when they were asked; what was taken back or is not asked yet does not count."""
    rows = Survey.objects.visible_to(user).filter(measure=measure, queue__in=queues).exclude(state__in=Survey.VOID)
    counted = rows.filter(asked_at__gte=start, asked_at__lt=end).aggregate(
        asked=Count("pk"), answered=Count("pk", filter=Q(state=Survey.State.ANSWERED))
    )
    return Asked(**counted)


def by_day(answers: QuerySet[Survey], measure: str, zone: tzinfo) -> list[tuple[date, Scores]]:
    """The answers of each day of the reader's calendar that has any, in order."""
    rows = answers.annotate(day=TruncDate("answered_at", tzinfo=zone)).values_list("day", "score")
    return _scores(rows.annotate(n=Count("pk")).order_by("day"), measure)


def by_group(answers: QuerySet[Survey], measure: str, group: str) -> list[tuple[Any, Scores]]:
    """The answers about each agent, team, type or customer, the best figure first; None stands for nobody."""
    path, model = GROUPS[group]
    counted = _scores(answers.values_list(path, "score").annotate(n=Count("pk")).order_by(path), measure)
    named = model._default_manager.in_bulk([key for key, _scores_ in counted if key is not None])
    ranked = sorted(counted, key=lambda row: (-(row[1].figure or 0), -row[1].answers))
    return [(named.get(key), scores) for key, scores in ranked[:MOST]]


def _scores(rows: Any, measure: str) -> list[tuple[Any, Scores]]:
    found: dict[Any, dict[int, int]] = {}
    for key, score, number in rows:
        found.setdefault(key, {})[score] = number
    return [(key, Scores(measure, counts)) for key, counts in found.items()]
