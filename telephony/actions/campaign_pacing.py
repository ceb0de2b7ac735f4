"""The pace of campaigns: each second, whoever is ready gets the next customer. Safe to run anywhere, at once."""

from datetime import datetime

import structlog
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import QueueMembership
from crmcore.models.presence import Chosen
from crmcore.queries.presence import routable
from telephony.actions.campaign_results import close_target
from telephony.actions.campaign_seats import leave_campaign
from telephony.actions.campaign_targets import claim_next, dial_target, release_left_behind
from telephony.actions.transitions import MovedOn
from telephony.dial_rules import DialRefused
from telephony.models import Campaign, CampaignSeat, CampaignTarget
from telephony.queries.campaign_share import abandon_share
from telephony.queries.candidates import queues_with_callers

log = structlog.get_logger(__name__)

AT_ONCE = 200
# So many customers in a row may turn out not to be callable before the agent waits for the next second.
TRIES = 5


def pace_campaigns() -> None:
    """Give back what was left behind, keep the abandon cap, and serve everybody who is ready."""
    now = clock.now()
    release_left_behind(now)
    for seat in _seats_of_the_gone()[:AT_ONCE]:
        leave_campaign(seat.agent)
    for campaign in Campaign.objects.filter(
        state=Campaign.State.RUNNING, mode=Campaign.Mode.PROGRESSIVE, fell_back_at=None
    ):
        keep_cap(campaign, now)
    for seat in _seats_to_serve(now)[:AT_ONCE]:
        try:
            _serve(seat)
        except DatabaseError:
            log.exception("telephony.pace_failed", seat_id=seat.pk)


def keep_cap(campaign: Campaign, now: datetime) -> bool:
    """Fall back to preview when too many who answered found nobody; whether that happened now."""
    if not abandon_share(campaign, now).is_over:
        return False
    fallen = Campaign.objects.filter(pk=campaign.pk, fell_back_at=None).update(fell_back_at=now)
    if fallen:
        campaign.fell_back_at = now
        audit.record("campaign.fell_back", campaign, by=None)
    return bool(fallen)


def _seats_of_the_gone() -> QuerySet[CampaignSeat]:
    return CampaignSeat.objects.filter(agent__presence__chosen=Chosen.OFFLINE).select_related("agent")


def _seats_to_serve(now: datetime) -> QuerySet[CampaignSeat]:
    """Seats of ready agents with nobody before them; where a caller waits in one of their queues, that comes first."""
    in_hand = CampaignTarget.objects.filter(claimed_by=OuterRef("agent"))
    by_itself = Q(campaign__mode=Campaign.Mode.PROGRESSIVE, campaign__fell_back_at=None)
    has_nobody = Q(~Exists(in_hand.filter(state__in=CampaignTarget.IN_HAND)))
    is_free = by_itself & Q(~Exists(in_hand.filter(state=CampaignTarget.State.DIALLING))) | has_nobody
    wanted = QueueMembership.objects.filter(user=OuterRef("agent"), queue__in=queues_with_callers())
    seats = CampaignSeat.objects.filter(
        Q(paused_until=None) | Q(paused_until__lte=now),
        is_free,
        campaign__state=Campaign.State.RUNNING,
        agent__presence__in=routable(now),
    )
    return (
        seats.exclude(Exists(wanted)).select_related("agent", "campaign__queue").order_by("agent__presence__idle_since")
    )


def _serve(seat: CampaignSeat) -> None:
    """Preview: the next customer stands before the agent. Progressive: is called at once."""
    for _ in range(TRIES):
        with transaction.atomic():
            target = claim_next(seat.agent, seat.campaign)
        if target is None or target.state != CampaignTarget.State.CLAIMED or not seat.campaign.dials_by_itself:
            return
        try:
            dial_target(target.pk, by=seat.agent, once=True)
        except DialRefused:
            target.refresh_from_db()
            if target.state == CampaignTarget.State.CLAIMED:
                return
        except PermissionDenied:
            _refuse(target.pk)
        except MovedOn:
            return
        else:
            return


@transaction.atomic
def _refuse(target_id: int) -> None:
    """The agent may not see this customer at all."""
    target = CampaignTarget.objects.select_for_update().get(pk=target_id)
    if target.state == CampaignTarget.State.CLAIMED:
        close_target(target, CampaignTarget.State.REFUSED, reason="out_of_reach", now=clock.now())
