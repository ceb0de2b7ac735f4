"""Campaigns under two processes at the same moment: nobody is given twice, nobody is called twice."""

from datetime import time
from functools import partial
from itertools import repeat

import pytest

from crmcore import clock
from crmcore.models import Queue, User
from telephony.actions.campaign_pacing import pace_campaigns
from telephony.actions.campaign_seats import join_campaign
from telephony.actions.campaign_targets import claim_next, dial_target
from telephony.models import Call, Campaign, CampaignAttempt, CampaignTarget, PhoneLine
from tests.telephony.test_races import agent, at_once
from tests.telephony.test_races import queue as queue

ROUNDS = 3
PEOPLE = 12

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("carriers")]


@pytest.fixture
def campaign(queue: Queue) -> Campaign:
    now = clock.now()
    PhoneLine.objects.create(name="Main", number="+862151008000", queue=queue)
    campaign = Campaign.objects.create(
        name="Race",
        queue=queue,
        state=Campaign.State.RUNNING,
        created_at=now,
        started_at=now,
        days=list(range(7)),
        opens=time(0),
        closes=time(23, 59, 59),
    )
    CampaignTarget.objects.bulk_create(
        CampaignTarget(campaign=campaign, number=f"+86138001380{n:02d}", next_at=now) for n in range(PEOPLE)
    )
    return campaign


def test_four_agents_at_once_get_four_customers(queue: Queue, campaign: Campaign) -> None:
    agents = [agent(queue, f"agent{n}") for n in range(4)]
    for _ in range(ROUNDS):
        given = at_once(*(partial(claim_next, user, campaign) for user in agents))
        numbers = [target.number for target in given if target is not None]
        assert len(numbers) == len(set(numbers)) == 4
        CampaignTarget.objects.filter(state="claimed").update(
            state="done", claimed_by=None, claimed_until=None, closed_at=clock.now()
        )


def test_one_agent_in_four_tabs_gets_one_customer(queue: Queue, campaign: Campaign) -> None:
    mei = agent(queue, "mei")
    given = at_once(*repeat(partial(claim_next, mei, campaign), 4))
    assert len({target.pk for target in given if target is not None}) == 1
    assert CampaignTarget.objects.filter(claimed_by=mei).count() == 1


def test_dialled_from_three_tabs_at_once_it_is_one_call(queue: Queue, campaign: Campaign) -> None:
    mei = agent(queue, "mei")
    target = claim_next(mei, campaign)
    assert target is not None
    calls = at_once(*repeat(partial(dial_target, target.pk, by=mei), 3))
    assert len({call.pk for call, _ticket in calls}) == 1
    assert Call.objects.count() == CampaignAttempt.objects.count() == 1


def test_two_workers_dial_once_for_each_ready_agent(queue: Queue, campaign: Campaign) -> None:
    Campaign.objects.update(mode=Campaign.Mode.PROGRESSIVE)
    agents: list[User] = [agent(queue, f"agent{n}") for n in range(3)]
    for user in agents:
        join_campaign(campaign.pk, by=user)
    at_once(pace_campaigns, pace_campaigns)
    pace_campaigns()
    assert Call.objects.count() == CampaignAttempt.objects.count() == 3
    assert set(CampaignTarget.objects.filter(state="dialling").values_list("claimed_by", flat=True)) == {
        user.pk for user in agents
    }
