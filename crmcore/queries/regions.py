"""Finding regions: by words, level by level, and those that are in use."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from crmcore.models import Account, Estate, Region
from crmcore.shipped_regions import CHINA

MOST_FOUND = 12
DEPTH = 4


@dataclass(frozen=True)
class Level:
    """One step of the way down: what can be chosen, what is chosen, and where choosing nothing leads."""

    options: list[Region]
    chosen: Region | None
    above: Region | None


def levels_to(region: Region | None) -> list[Level]:
    """The steps from the countries to a region and, where there are any, to those right below it."""
    chain = ancestors(region) if region else []
    countries = sorted(Region.objects.filter(parent=None), key=lambda row: (row.code != CHINA, row.label))
    steps = [Level(countries, chain[0] if chain else None, None)]
    for place, above in enumerate(chain):
        below = list(above.children.order_by("code"))
        if below:
            steps.append(Level(below, chain[place + 1] if place + 1 < len(chain) else None, above))
    return steps


def ancestors(region: Region) -> list[Region]:
    """The way from the country down to this region, itself last."""
    chain = [region]
    while (above := chain[0].parent) is not None:
        chain.insert(0, above)
    return chain


def regions_called(words: str) -> QuerySet[Region]:
    """Regions whose name in either language holds the words, or whose code begins with them."""
    text = words.strip()
    rows = Region.objects.select_related("parent__parent__parent")
    if not text:
        return rows.none()
    return rows.filter(Q(name__icontains=text) | Q(name_zh__icontains=text) | Q(code__startswith=text)).order_by("code")


def used_regions() -> QuerySet[Region]:
    """Where customers and estates are, and what lies above."""
    used = set(Account.objects.exclude(region=None).order_by().values_list("region", flat=True).distinct())
    used |= set(Estate.objects.exclude(region=None).order_by().values_list("region", flat=True).distinct())
    found = used
    while found := set(Region.objects.filter(children__in=found).values_list("pk", flat=True)) - used:
        used |= found
    return Region.objects.filter(pk__in=used).order_by("code")


def in_region(region: int, path: str = "region") -> Q:
    """Rows in a region or below it; `path` leads from a row to its region."""
    inside = Q()
    for depth in range(DEPTH):
        inside |= Q(**{f"{path}{'__parent' * depth}": region})
    return inside
