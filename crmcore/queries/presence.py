"""Which agents could take work right now, and why others are away."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _

from crmcore.models import AgentPresence, AgentSegment, AwayReason, User
from crmcore.models.presence import Chosen, SystemState


def routable(now: datetime) -> QuerySet[AgentPresence]:
    """Agents who chose to be ready, are idle, sit at a living screen with a sound phone, and are past any pause."""
    return AgentPresence.objects.filter(
        Q(ready_at=None) | Q(ready_at__lte=now),
        chosen=Chosen.AVAILABLE,
        system=SystemState.IDLE,
        device_ok=True,
        phone_fault="",
        user__is_active=True,
    )


def away_reasons() -> "QuerySet[AwayReason]":
    """The reasons that may be chosen, in the desk's order; read where a menu offers them."""
    return AwayReason.objects.filter(is_active=True)


def is_away_reason(code: str) -> bool:
    """Whether `code` may be chosen now; no reason at all may always be."""
    return not code or AwayReason.objects.filter(code=code, is_active=True).exists()


def reasons_by_code() -> dict[str, AwayReason]:
    """Every reason, retired ones as well: old choices keep their names."""
    return {reason.code: reason for reason in AwayReason.objects.all()}


def no_reason() -> AwayReason:
    """What stands for an absence without a reason."""
    name = _("Not ready")
    return AwayReason(name=name, name_zh=name, icon="icon:phone-x", is_paid=True)


def time_away(
    agents: Iterable[User], start: datetime, end: datetime, now: datetime
) -> list[tuple[AwayReason, timedelta]]:
    """The time between two moments by reason, the longest first; what still lasts counts until `now`."""
    away = AgentSegment.objects.filter(chosen=Chosen.AUX, system=SystemState.IDLE, user__in=list(agents))
    met = away.filter(Q(ended_at=None) | Q(ended_at__gt=start), started_at__lt=min(end, now))
    until = Least(Coalesce(F("ended_at"), Value(now)), Value(end))
    length = Sum(until - Greatest(F("started_at"), Value(start)))
    sums = met.order_by().values("aux_code").annotate(length=length).values_list("aux_code", "length")
    reasons, none = reasons_by_code(), no_reason()
    return sorted(((reasons.get(code, none), time) for code, time in sums), key=lambda row: row[1], reverse=True)
