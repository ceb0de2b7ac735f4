"""How many of those who answered a campaign found nobody on the line."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, F, Q

from telephony.models import Campaign, CampaignAttempt
from telephony.states import LegKind

# Whoever waits longer than this after saying hello has been abandoned, even if somebody came.
CONNECTED_WITHIN = timedelta(seconds=2)


@dataclass(frozen=True)
class AbandonShare:
    """People who answered, and those of them whom nobody spoke to in time; `cap` is per cent."""

    answered: int
    abandoned: int
    cap: int

    @property
    def share(self) -> float | None:
        return self.abandoned / self.answered if self.answered else None

    @property
    def is_over(self) -> bool:
        return self.share is not None and 100 * self.abandoned > self.cap * self.answered


def abandon_share(campaign: Campaign, now: datetime) -> AbandonShare:
    """Over the campaign's rolling window."""
    since = now - timedelta(hours=campaign.abandon_hours)
    answered = CampaignAttempt.objects.filter(
        target__campaign=campaign,
        started_at__gt=since,
        call__legs__kind=LegKind.CUSTOMER,
        call__legs__joined_at__isnull=False,
    )
    late = Q(call__answered_at=None, call__ended_at__isnull=False)
    late |= Q(call__answered_at__gt=F("call__legs__joined_at") + CONNECTED_WITHIN)
    row = answered.aggregate(answered=Count("pk"), abandoned=Count("pk", filter=late))
    return AbandonShare(row["answered"], row["abandoned"], campaign.abandon_cap)
