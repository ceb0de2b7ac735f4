"""What campaign tests share: a campaign of the desk's queue, people to call, and an agent who joined."""

from datetime import time
from typing import Any

from crmcore.actions.customers import create_contact
from crmcore.models import Contact, ContactPoint, User
from telephony.actions.campaign_pacing import pace_campaigns
from telephony.actions.campaign_seats import join_campaign
from telephony.actions.fold import fold
from telephony.models import Call, Campaign, CampaignTarget, PhoneLine
from telephony.providers.base import Signal
from tests.telephony.desk import Desk

EVERY_DAY = [0, 1, 2, 3, 4, 5, 6]
NUMBER = "+8613800138000"


def a_line(desk: Desk) -> PhoneLine:
    return PhoneLine.objects.create(name="Main", number="+862151008000", queue=desk.queue)


def a_campaign(desk: Desk, **fields: Any) -> Campaign:
    """Running all week and all day unless said otherwise."""
    usual: dict[str, Any] = {
        "name": "Renewals",
        "queue": desk.queue,
        "state": Campaign.State.RUNNING,
        "created_at": desk.moment,
        "started_at": desk.moment,
        "days": EVERY_DAY,
        "opens": time(0),
        "closes": time(23, 59, 59),
    }
    return Campaign.objects.create(**(usual | fields))


def a_target(campaign: Campaign, number: str = NUMBER, **fields: Any) -> CampaignTarget:
    usual: dict[str, Any] = {"next_at": campaign.created_at}
    return CampaignTarget.objects.create(campaign=campaign, number=number, **(usual | fields))


def a_contact(number: str = NUMBER, **fields: Any) -> Contact:
    contact = create_contact(by=None, name="Zhang San", **fields)
    ContactPoint.objects.create(contact=contact, kind=ContactPoint.Kind.PHONE, raw=number, value=number)
    return contact


def joined(desk: Desk, campaign: Campaign, name: str = "mei") -> User:
    agent = desk.new_agent(name)
    desk.do(join_campaign, campaign.pk, by=agent)
    return agent


def pace(desk: Desk, seconds: float = 1) -> None:
    """Time passes, then everything runs that runs each second."""
    desk.wait(seconds)
    desk.do(pace_campaigns)


def again(target: CampaignTarget) -> CampaignTarget:
    return CampaignTarget.objects.get(pk=target.pk)


def says(desk: Desk, call: Call, signal: type[Signal], token: str, **more: Any) -> Call:
    """The carrier says something about the call."""
    names = {"provider": call.provider, "provider_call_id": call.provider_call_id}
    desk.do(fold, signal(**names, token=f"{call.pk}:{token}", **more))
    return desk.again(call)
