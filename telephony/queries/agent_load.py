"""What agents have done lately, for the strategies that share the work by it; three statements for any number."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest

from crmcore.models import AgentPresence, AgentSegment
from crmcore.models.presence import Chosen, SystemState
from telephony.call_distribution import LONG_AGO, Load
from telephony.models import CallLeg, Offer
from telephony.states import LegKind

OCCUPANCY_OVER = timedelta(hours=1)
CALLS_OVER = timedelta(hours=8)
# What began before this and lasts is a forgotten shift, not work.
LONGEST_SLICE = timedelta(hours=4)
BUSY = Q(system__in=[SystemState.RESERVED, SystemState.CONNECTING, SystemState.ON_CONTACT, SystemState.WRAPUP])
IDLE = Q(system=SystemState.IDLE, chosen=Chosen.AVAILABLE)


def loads_of(user_ids: Collection[int], now: datetime) -> dict[int, Load]:
    """Of each agent: occupied share of the last hour on duty, calls of the last eight hours, the last ringing."""
    occupancy = _occupancy(user_ids, now)
    calls = CallLeg.objects.filter(kind=LegKind.AGENT, agent__in=user_ids, joined_at__gt=now - CALLS_OVER)
    taken = dict(calls.order_by().values_list("agent_id").annotate(Count("pk")))
    newest = Offer.objects.filter(agent=OuterRef("user")).order_by("-offered_at").values("offered_at")[:1]
    presences = AgentPresence.objects.filter(user_id__in=user_ids).annotate(rang_at=Subquery(newest))
    rang = dict(presences.values_list("user_id", "rang_at"))
    return {
        user_id: Load(occupancy.get(user_id, 0.0), taken.get(user_id, 0), rang.get(user_id) or LONG_AGO)
        for user_id in user_ids
    }


def _occupancy(user_ids: Collection[int], now: datetime) -> dict[int, float]:
    """Busy time as a share of busy and idle time; who has neither counts as not occupied."""
    since = now - OCCUPANCY_OVER
    recent = AgentSegment.objects.filter(Q(ended_at=None) | Q(ended_at__gt=since), BUSY | IDLE, user_id__in=user_ids)
    recent = recent.filter(started_at__gt=since - LONGEST_SLICE)
    length = Coalesce(F("ended_at"), Value(now)) - Greatest(F("started_at"), Value(since))
    sums = recent.order_by().values("user_id").annotate(busy=Sum(length, filter=BUSY), whole=Sum(length))
    return {row["user_id"]: row["busy"] / row["whole"] for row in sums if row["busy"] and row["whole"]}
