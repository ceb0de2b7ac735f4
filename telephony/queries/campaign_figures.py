"""What campaigns have come to: numbers by state, attempts by their end, conversions by outcome."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, QuerySet

from crmcore.models import Outcome, User
from telephony.campaign_rules import AttemptResult
from telephony.models import Campaign, CampaignAttempt, CampaignTarget

State = CampaignTarget.State
PACE_OVER = timedelta(hours=1)


@dataclass(frozen=True)
class CampaignFigures:
    """Counts of one campaign, from its targets and attempts as they are."""

    campaign: Campaign
    states: Counter[str] = field(default_factory=Counter)
    results: Counter[str] = field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        return self.states[State.WAITING]

    @property
    def in_hand(self) -> int:
        return self.states[State.CLAIMED] + self.states[State.DIALLING]

    @property
    def closed(self) -> int:
        return self.states[State.DONE] + self.states[State.EXHAUSTED] + self.states[State.REFUSED]

    @property
    def dialled(self) -> int:
        """Attempts in which the customer's telephone was called and that have ended."""
        return sum(self.results.values()) - self.results[""] - self.results[AttemptResult.NOT_DIALLED]

    @property
    def answered(self) -> int:
        return self.results[AttemptResult.ANSWERED]

    @property
    def contact_rate(self) -> float | None:
        """Conversations over attempts."""
        return self.answered / self.dialled if self.dialled else None

    @property
    def by_result(self) -> list[tuple[str, int]]:
        return [(str(result.label), self.results[result]) for result in AttemptResult if self.results[result]]


def figures_of(campaigns: Iterable[Campaign]) -> list[CampaignFigures]:
    """The figures of several campaigns, in their order, by two statements."""
    listed = list(campaigns)
    found = {campaign.pk: CampaignFigures(campaign) for campaign in listed}
    targets = CampaignTarget.objects.filter(campaign__in=found).order_by().values_list("campaign", "state")
    for campaign_id, state, number in targets.annotate(n=Count("pk")):
        found[campaign_id].states[state] = number
    attempts = CampaignAttempt.objects.filter(target__campaign__in=found).order_by()
    for campaign_id, result, number in attempts.values_list("target__campaign", "result").annotate(n=Count("pk")):
        found[campaign_id].results[result] = number
    return [found[campaign.pk] for campaign in listed]


def pace_of(campaign: Campaign, now: datetime) -> int:
    """Attempts begun within the last hour."""
    return CampaignAttempt.objects.filter(target__campaign=campaign, started_at__gt=now - PACE_OVER).count()


def conversions_of(campaign: Campaign) -> list[tuple[Outcome | None, int]]:
    """Conversations by outcome, the most frequent first; None where none was chosen."""
    spoken = CampaignAttempt.objects.filter(target__campaign=campaign, result=AttemptResult.ANSWERED).order_by()
    counts = dict(spoken.values_list("outcome").annotate(n=Count("pk")))
    outcomes = Outcome.objects.in_bulk([pk for pk in counts if pk is not None])
    rows = [(outcomes.get(pk), number) for pk, number in counts.items()]
    return sorted(rows, key=lambda row: -row[1])


def agents_of(campaign: Campaign) -> QuerySet[User]:
    """Who works for it now."""
    return User.objects.filter(campaign_seat__campaign=campaign).select_related("presence").order_by("name")
