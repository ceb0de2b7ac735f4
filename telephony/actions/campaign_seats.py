"""Agents who work for a campaign."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crmcore import clock, live
from crmcore.models import User
from crmcore.permissions import require
from telephony.actions.campaign_targets import claim_next, give_back
from telephony.events import CampaignChanged
from telephony.models import Campaign, CampaignSeat, CampaignTarget
from telephony.queries.campaign_targets import joinable


@transaction.atomic
def join_campaign(campaign_id: int, *, by: User) -> CampaignSeat:
    """Work for a running campaign of an own queue, and leave the one before. Again is no change.

    Raises PermissionDenied.
    """
    require(by, "call", "edit")
    campaign = joinable(by).filter(pk=campaign_id).first()
    if campaign is None:
        raise PermissionDenied(f"campaign {campaign_id}")
    seat = CampaignSeat.objects.select_for_update(of=("self",)).filter(agent=by).first()
    if seat is not None and seat.campaign_id == campaign.pk:
        return seat
    leave_campaign(by)
    seat = CampaignSeat.objects.create(campaign=campaign, agent=by, joined_at=clock.now())
    if not campaign.dials_by_itself:
        claim_next(by, campaign)
    _tell(seat)
    return seat


@transaction.atomic
def leave_campaign(agent: User) -> None:
    """Work for no campaign; a customer who was not called yet goes back to the others. A call in hand goes on."""
    seat = CampaignSeat.objects.select_for_update(of=("self",)).filter(agent=agent).first()
    if seat is None:
        return
    seat.delete()
    claimed = CampaignTarget.objects.filter(claimed_by=agent, state=CampaignTarget.State.CLAIMED).first()
    if claimed is not None:
        give_back(claimed, clock.now())
    _tell(seat)


def empty_seats(campaign: Campaign) -> None:
    """The campaign stops: everybody leaves it."""
    for seat in CampaignSeat.objects.filter(campaign=campaign).select_related("agent"):
        leave_campaign(seat.agent)


def _tell(seat: CampaignSeat) -> None:
    event = CampaignChanged(campaign_id=seat.campaign_id)
    live.publish(f"campaign:{seat.campaign_id}", event)
    live.publish(f"agent:{seat.agent_id}", event)
