"""Whom a campaign calls next, and where those people are."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db.models import QuerySet
from django.utils import timezone

from crmcore import phone_numbers
from crmcore.calling_window import zones_of_region
from crmcore.models import Account, Contact, User
from telephony.models import Campaign, CampaignSeat, CampaignTarget


def zones_of(target: CampaignTarget) -> Sequence[ZoneInfo]:
    """Where the callee may be."""
    return zones_for(target.number, target.contact, target.account)


def zones_for(number: str, contact: Contact | None, account: Account | None) -> Sequence[ZoneInfo]:
    """Where a customer may be: by the contact's zone, else the account's, its region, the number's country, the desk's.

    A country of several zones gives all of them: a call or message must be allowed in each.
    """
    for holder in (contact, account):
        if holder is not None and (zone := _zone(holder.time_zone)):
            return [zone]
    region = account.region if account else None
    country = phone_numbers.place_of(number).region
    return (zones_of_region(region.code) if region else ()) or zones_of_region(country) or [_desk_zone()]


def due(campaign: Campaign, now: datetime) -> QuerySet[CampaignTarget]:
    """Targets whose time has come, the longest due first."""
    rows = CampaignTarget.objects.filter(campaign=campaign, state=CampaignTarget.State.WAITING, next_at__lte=now)
    return rows.order_by("next_at", "id")


def target_in_hand(user: User) -> CampaignTarget | None:
    """Whom this agent has before him, or is calling."""
    rows = CampaignTarget.objects.filter(claimed_by=user, state__in=CampaignTarget.IN_HAND)
    return rows.select_related("campaign__queue", "contact", "account__region", "call").first()


def seat_of(user: User) -> CampaignSeat | None:
    """The campaign for which this agent works."""
    return CampaignSeat.objects.filter(agent=user).select_related("campaign__queue").first()


def joinable(user: User) -> QuerySet[Campaign]:
    """Running campaigns of the queues that this agent serves."""
    seen: QuerySet[Campaign] = Campaign.objects.visible_to(user)
    rows = seen.filter(state=Campaign.State.RUNNING, queue__memberships__user=user)
    return rows.select_related("queue").distinct().order_by("started_at", "id")


def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _desk_zone() -> ZoneInfo:
    return ZoneInfo(timezone.get_default_timezone_name())
