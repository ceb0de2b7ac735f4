"""The reception's register as lists, and how well each recorder writes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Reception, ReceptionFlaw, User
from crmcore.models.reception import SUSPICIOUS

PAGE = 50
VIEWS: dict[str, tuple[Promise, str]] = {
    "all": (_("All entries"), "icon:list"),
    "unchecked": (_("To check"), "icon:clipboard-check"),
    "no_source": (_("Without source"), "icon:help-circle"),
    "incomplete": (_("Incomplete"), "icon:circle-dashed"),
    "suspicious": (_("Suspicious"), "icon:alert-triangle"),
    "returned": (pgettext_lazy("reception", "Returned"), "icon:arrow-back-up"),
}
_LATER = [flaw.value for flaw in SUSPICIOUS]
_MISSING = [flaw.value for flaw in ReceptionFlaw if flaw not in SUSPICIOUS]


@dataclass(frozen=True)
class ReceptionPage:
    rows: list[Reception]
    older: int | None = None


@dataclass(frozen=True)
class RecorderFigures:
    """What one recorder wrote in a period."""

    recorder: User | None
    entries: int
    incomplete: int
    no_source: int
    suspicious: int
    returned: int


def page_of_receptions(user: User, view: str, *, before: int | None = None) -> ReceptionPage:
    """The entries of a view that `user` may see, the latest first, from behind the entry with a key."""
    rows = in_view(user, view)
    key = Reception.objects.filter(pk=before or 0).values_list("arrived_at", "pk").first()
    if key is not None:
        rows = rows.filter(Q(arrived_at__lt=key[0]) | Q(arrived_at=key[0], pk__lt=key[1]))
    shown = rows.select_related("product", "source", "consultant", "recorded_by", "lead", "checked_by")
    found = list(shown.order_by("-arrived_at", "-pk")[: PAGE + 1])
    return ReceptionPage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def in_view(user: User, view: str) -> QuerySet[Reception]:
    """The entries of a view; what was checked and found right is no longer incomplete or suspicious."""
    rows: QuerySet[Reception] = Reception.objects.visible_to(user)
    doubtful = rows.exclude(check_state=Reception.Check.RIGHT)
    if view == "unchecked":
        return rows.filter(check_state=Reception.Check.OPEN)
    if view == "returned":
        return rows.filter(check_state=Reception.Check.RETURNED)
    if view == "no_source":
        return doubtful.filter(source=None)
    if view == "incomplete":
        return doubtful.filter(flaws__overlap=_MISSING)
    return doubtful.filter(flaws__overlap=_LATER) if view == "suspicious" else rows


def by_recorder(user: User, start: datetime, end: datetime) -> list[RecorderFigures]:
    """Who wrote how much in a period, and how well; the worst first."""
    rows = Reception.objects.visible_to(user).filter(arrived_at__gte=start, arrived_at__lt=end).order_by()
    counted = rows.values("recorded_by").annotate(
        entries=Count("pk"),
        incomplete=Count("pk", filter=Q(flaws__overlap=_MISSING)),
        no_source=Count("pk", filter=Q(source=None)),
        suspicious=Count("pk", filter=Q(flaws__overlap=_LATER)),
        returned=Count("pk", filter=Q(check_state=Reception.Check.RETURNED)),
    )
    found: list[Any] = list(counted)
    people = User.objects.in_bulk([one["recorded_by"] for one in found if one["recorded_by"]])
    figures = [
        RecorderFigures(
            recorder=people.get(one["recorded_by"]), **{name: one[name] for name in one if name != "recorded_by"}
        )
        for one in found
    ]
    return sorted(figures, key=lambda one: (-one.returned, -one.incomplete - one.suspicious, -one.entries))
