"""Repairs that came back: products reported again, and repairs for each hundred households of an estate."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.db.models import Count, QuerySet

from crmcore.models import Estate, InstalledProduct, User
from tickets.models import Ticket

REPORT_DAYS = 90
MONTH = timedelta(days=30)
SHOWN = 50


@dataclass(frozen=True)
class EstateRate:
    """Repairs of the last 30 days for each hundred households with a product there."""

    estate: Estate
    households: int
    repairs: int

    @property
    def rate(self) -> float:
        return 100 * self.repairs / self.households


def often_repaired(user: User, now: datetime, days: int) -> list[tuple[InstalledProduct, int]]:
    """Products with reports of the last 90 days that came within `days` of the one before, most such reports first."""
    rows = _reports(user, now - timedelta(days=REPORT_DAYS + days), now).order_by("product", "opened_at", "pk")
    reports = rows.values_list("product", "opened_at").iterator()
    first, span = now - timedelta(days=REPORT_DAYS), timedelta(days=days)
    numbers: Counter[int] = Counter()
    for (before, earlier), (product, opened) in pairwise(reports):
        if before == product and opened > first and opened - earlier <= span:
            numbers[product] += 1
    keys = sorted(numbers, key=lambda pk: (-numbers[pk], pk))[:SHOWN]
    found = InstalledProduct.objects.visible_to(user).select_related("product", "account", "estate").in_bulk(keys)
    return [(found[pk], numbers[pk]) for pk in keys if pk in found]


def per_hundred_households(user: User, now: datetime) -> list[EstateRate]:
    """Estates by their repairs of the last 30 days per hundred households; a household counts once."""
    homes = InstalledProduct.objects.filter(estate__isnull=False, is_active=True).order_by().values("estate")
    households = dict(homes.annotate(number=Count("account", distinct=True)).values_list("estate", "number"))
    of_estate = _reports(user, now - MONTH, now).filter(product__estate__isnull=False).values("product__estate")
    repairs = dict(of_estate.annotate(number=Count("pk")).values_list("product__estate", "number"))
    estates = Estate.objects.in_bulk(list(households))
    rates = [EstateRate(estates[pk], number, repairs.get(pk, 0)) for pk, number in households.items()]
    return sorted(rates, key=lambda one: (-one.rate, one.estate.pk))[:SHOWN]


def _reports(user: User, since: datetime, until: datetime) -> QuerySet[Ticket]:
    rows = Ticket.objects.visible_to(user).filter(product__isnull=False, opened_at__gt=since, opened_at__lte=until)
    return rows.order_by()
