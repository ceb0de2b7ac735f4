"""Rows of the campaign's page: people to be called, with what came of it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore import phone_numbers
from telephony.campaign_rules import AttemptResult, SkipReason
from telephony.dial_rules import Refusal
from telephony.models import Campaign, CampaignTarget

PAGE = 50
REASONS: dict[str, str | Promise] = {
    **dict(AttemptResult.choices),
    **dict(SkipReason.choices),
    Refusal.DO_NOT_CALL: _("Wants no calls"),
    Refusal.CLOSED_HOURS: _("Waits for the calling hours there"),
    Refusal.BEING_CALLED: _("Was in another call"),
    Refusal.UNREADABLE: Refusal.UNREADABLE.label,
    Refusal.OWN_NUMBER: Refusal.OWN_NUMBER.label,
    "out_of_reach": _("The agent may not see this customer"),
}


@dataclass(frozen=True)
class TargetRow:
    """One person of a campaign."""

    target: CampaignTarget

    @property
    def name(self) -> str:
        target = self.target
        holder = target.contact or target.account
        return target.contact.name if target.contact else target.name or (holder.name if holder else "")

    @property
    def pretty(self) -> str:
        return phone_numbers.pretty(self.target.number)

    @property
    def reason(self) -> str | Promise:
        """Why it stands where it stands."""
        if self.target.outcome is not None:
            return self.target.outcome.label
        return REASONS.get(self.target.reason, "")

    @property
    def due_at(self) -> datetime | None:
        return self.target.next_at if self.target.state == CampaignTarget.State.WAITING else None


def page_of_targets(campaign: Campaign, state: str, after: int | None) -> tuple[list[TargetRow], int | None]:
    """A page of people in a state (all where it is empty), and the key of the next page."""
    rows = targets_of(campaign, state)
    found = list(rows.filter(pk__gt=after)[: PAGE + 1] if after else rows[: PAGE + 1])
    shown = found[:PAGE]
    return [TargetRow(target) for target in shown], shown[-1].pk if len(found) > PAGE else None


def targets_of(campaign: Campaign, state: str = "") -> QuerySet[CampaignTarget]:
    """The people of a campaign in the order in which they were added."""
    rows = CampaignTarget.objects.filter(campaign=campaign).order_by("pk")
    if state in CampaignTarget.State.values:
        rows = rows.filter(state=state)
    return rows.select_related("contact", "account", "outcome", "claimed_by")
