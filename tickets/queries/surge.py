"""Waves of repairs: how many came lately about an estate, a region or a product, against what is usual there."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from django.db.models import Count, QuerySet
from django.utils.translation import gettext_lazy as _

from crmcore.models import Estate, Product, Region, User
from tickets.models import Ticket

DAY = timedelta(days=1)
# Baseline of EARS C2: seven days that end two days before the day in question, so that a wave does not hide itself.
BASELINE_DAYS, LAG_DAYS = 7, 2
THRESHOLD, LEAST_DEVIATION, LEAST_CASES = 3.0, 0.5, 3
SHOWN = 60

WAYS = {
    "estate": (_("Estate or project"), "product__estate", Estate),
    "region": (_("Region"), "account__region", Region),
    "product": (_("Product"), "product__product", Product),
}


@dataclass(frozen=True)
class Place:
    """What came about one estate, region or product: still open, in the last 24 hours, usual in 24 hours, score."""

    pk: int
    name: str
    open: int
    latest: int
    usual: float
    score: float

    @property
    def is_surge(self) -> bool:
        """Above the threshold, and more than a handful."""
        return self.latest >= LEAST_CASES and self.score > THRESHOLD


def surges(user: User, way: str, now: datetime) -> list[Place]:
    """Places with open or recent tickets that `user` may see, the highest score first.

    Score = (Y - mean) / max(s, 0.5): Y is the number of the last 24 hours, mean and sample standard deviation s are
    those of the seven 24-hour spans before the two last ones. Above 3 it is a surge: method C2 of the Early Aberration
    Reporting System (Hutwagner, Thompson, Seeman, Treadwell: The bioterrorism preparedness and response Early
    Aberration Reporting System, Journal of Urban Health 80, 2003), with a floor for s where almost nothing comes.
    """
    path, model = WAYS[way][1], WAYS[way][2]
    per_day = _per_day(user, path, now)
    open_now = dict(_about(user, path).filter(is_active=True).values_list(path).annotate(number=Count("pk")))
    keys = sorted(per_day.keys() | open_now.keys())
    names = model._default_manager.in_bulk(keys)
    places = [_place(pk, names[pk].label, open_now.get(pk, 0), per_day.get(pk, {})) for pk in keys if pk in names]
    return sorted(places, key=lambda one: (-one.score, -one.latest, -one.open, one.pk))[:SHOWN]


def tickets_at(user: User, way: str, pk: int) -> QuerySet[Ticket]:
    """The open tickets about one place, the newest first."""
    rows = Ticket.objects.visible_to(user).filter(**{WAYS[way][1]: pk}, is_active=True)
    return rows.select_related("status", "product__product", "account", "contact", "queue").order_by("-opened_at")


def score(latest: int, baseline: list[int]) -> float:
    """By how many standard deviations of the baseline the latest number is above its mean."""
    mean = sum(baseline) / len(baseline)
    deviation = sqrt(sum((number - mean) ** 2 for number in baseline) / (len(baseline) - 1))
    return (latest - mean) / max(deviation, LEAST_DEVIATION)


def _place(pk: int, name: str, open_now: int, days: dict[int, int]) -> Place:
    baseline = [days.get(day, 0) for day in range(LAG_DAYS + 1, LAG_DAYS + 1 + BASELINE_DAYS)]
    latest = days.get(0, 0)
    return Place(pk, name, open_now, latest, sum(baseline) / BASELINE_DAYS, score(latest, baseline))


def _about(user: User, path: str) -> QuerySet[Ticket]:
    return Ticket.objects.visible_to(user).filter(**{f"{path}__isnull": False}).order_by()


def _per_day(user: User, path: str, now: datetime) -> dict[int, dict[int, int]]:
    """How many tickets by place and by how many whole days ago they were opened."""
    since = now - DAY * (LAG_DAYS + 1 + BASELINE_DAYS)
    rows = _about(user, path).filter(opened_at__gt=since, opened_at__lte=now).values_list(path, "opened_at")
    days: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for pk, opened in rows:
        days[pk][(now - opened) // DAY] += 1
    return days
