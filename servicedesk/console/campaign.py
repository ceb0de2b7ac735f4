"""What the console shows of campaigns: those to join, and the one customer who is to be called."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.functional import Promise

from crmcore import phone_numbers
from crmcore.models import User
from crmcore.permissions import may
from crmcore.zones import city_of
from telephony.campaign_rules import AttemptResult, SkipReason
from telephony.models import Campaign, CampaignTarget
from telephony.queries.campaign_targets import joinable, seat_of, target_in_hand, zones_of
from telephony.queries.dialling import route_to


@dataclass(frozen=True)
class Callee:
    """Somebody to be called, with the time on their clock where that is known for certain."""

    target: CampaignTarget
    local_time: str = ""
    city: str = ""

    @property
    def name(self) -> str:
        target = self.target
        if target.contact is not None:
            return target.contact.name
        return target.name or (target.account.name if target.account else "") or self.pretty

    @property
    def company(self) -> str:
        account = self.target.account
        return account.name if account and account.name != self.name else ""

    @property
    def pretty(self) -> str:
        return phone_numbers.pretty(self.target.number)

    @property
    def last_result(self) -> str | Promise:
        """How the attempt before ended."""
        last = self.target.tries.exclude(result="").order_by("-pk").first() if self.target.attempts else None
        return AttemptResult(last.result).label if last else ""


@dataclass(frozen=True)
class CampaignDesk:
    """The campaign that this agent works for and its customer, or those that could be joined."""

    campaign: Campaign | None = None
    callee: Callee | None = None
    can_dial: bool = False
    joinable: list[Campaign] = field(default_factory=list)
    skips: list[tuple[str, str]] = field(default_factory=list)


def campaign_desk(user: User, now: datetime) -> CampaignDesk:
    """What this agent may do for campaigns now."""
    if not may(user, "campaign", "view") or not may(user, "call", "edit"):
        return CampaignDesk()
    seat = seat_of(user)
    if seat is None:
        return CampaignDesk(joinable=list(joinable(user)))
    campaign, target = seat.campaign, target_in_hand(user)
    is_before_me = target is not None and target.state == CampaignTarget.State.CLAIMED
    route = route_to(is_demo=campaign.is_demo, queue=campaign.queue, line=campaign.line)
    return CampaignDesk(
        campaign=campaign,
        callee=callee_of(target, now) if target is not None and is_before_me else None,
        can_dial=route is not None,
        skips=[(reason.value, str(reason.label)) for reason in SkipReason],
    )


def callee_of(target: CampaignTarget, now: datetime) -> Callee:
    """The customer with their own time, unless their country has several."""
    zones = zones_of(target)
    if len(zones) != 1:
        return Callee(target)
    return Callee(target, now.astimezone(zones[0]).strftime("%H:%M"), city_of(zones[0].key))
