"""A running campaign in each world, filled and started as a supervisor would do it, with the calls of this morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count, islice
from random import Random
from uuid import UUID

from crmcore import clock
from crmcore.models import User
from crmcore.queries.segments import Segment
from servicedesk.demo.calls import PastCall, write_calls
from servicedesk.demo.cast import Cast
from telephony.actions.campaign_filling import fill_from_segment
from telephony.actions.campaign_results import attempt_failed
from telephony.actions.campaigns import move_campaign, save_campaign, usual_rules
from telephony.actions.contact_record import record_contact
from telephony.actions.wrap_up import finish_wrap_up
from telephony.campaign_rules import AttemptResult
from telephony.models import Call, CallLeg, Campaign, CampaignAttempt, CampaignTarget
from telephony.states import CallOutcome, Party

EVERY_DAY = list(range(7))
APART = timedelta(minutes=11)
LONGEST = timedelta(minutes=6)
RINGS_S = 18
# What the attempts so far ended with, in this order.
SO_FAR = ("answered", "no_answer", "answered", "busy", "answered", "answered", "no_answer", "answered")
OUTCOME = "no_answer_needed"
NOT_REACHED = {"no_answer": CallOutcome.NO_ANSWER, "busy": CallOutcome.BUSY}


@dataclass(frozen=True)
class CampaignText:
    """One campaign of the demo, by the keys of its cast."""

    supervisor: str
    agent: str
    queue: str
    name: str
    name_zh: str
    script: str
    script_zh: str
    note: str
    segment: Segment


CAMPAIGNS = (
    CampaignText(
        supervisor="helen",
        agent="priya",
        queue="network",
        name="Firmware 7.2.5 call-round",
        name_zh="固件 7.2.5 回访",
        script="Good morning, this is Kelwick Networks. Release 7.2.5 mends the tunnels that drop.\n\n"
        "1. Which version do your routers run?\n2. May we install 7.2.5 in your maintenance window?\n"
        "3. Who should get the release notes?",
        script_zh="您好，这里是凯威克网络。7.2.5 版本修复了隧道断开的问题。\n\n"
        "1. 贵司路由器目前是哪个版本？\n2. 可以在维护时段安装 7.2.5 吗？\n3. 版本说明发给哪位？",
        note="Runs 7.2.4. Update agreed for Sunday night, release notes by e-mail.",
        segment=Segment(kind="company", grades=("A", "B"), language="en"),
    ),
    CampaignText(
        supervisor="supervisor2",
        agent="wu_xiaotong",
        queue="chinese_desk",
        name="Filter care round",
        name_zh="净水滤芯保养回访",
        script="Hello, this is Chengguang. Your filter is due for a change this month.\n\n"
        "1. Does the light on the machine show red?\n2. When may our engineer come?",
        script_zh="您好，这里是澄光电器。您家的净水滤芯本月到期。\n\n"
        "1. 机器上的指示灯变红了吗？\n2. 师傅什么时候上门方便？",
        note="指示灯已变红，周末前会再约上门时间。",
        segment=Segment(kind="household", language="zh-hans"),
    ),
)


def add_campaigns(cast: Cast, *, now: datetime, rng: Random) -> None:
    """Write, fill and start them."""
    for text in CAMPAIGNS:
        boss = cast.staff[text.supervisor]
        campaign = save_campaign(_campaign(text, cast), by=boss, rules=usual_rules())
        fill_from_segment(campaign, text.segment, by=boss)
        move_campaign(campaign, Campaign.State.RUNNING, by=boss)
        _call_some(campaign, text, cast, now=now, rng=rng)


def _campaign(text: CampaignText, cast: Cast) -> Campaign:
    """Callable around the clock, so that the demo shows it at any hour."""
    return Campaign(
        queue=cast.queues[text.queue],
        name=text.name,
        name_zh=text.name_zh,
        script=text.script,
        script_zh=text.script_zh,
        days=EVERY_DAY,
        opens=time(0),
        closes=time(23, 59),
        is_demo=True,
    )


def _call_some(campaign: Campaign, text: CampaignText, cast: Cast, *, now: datetime, rng: Random) -> None:
    """The first people of the list have been called today."""
    agent = cast.staff[text.agent]
    targets = list(campaign.targets.select_related("contact", "account").order_by("pk")[: len(SO_FAR)])
    begins = sorted(islice(_free_moments(agent, now), len(targets)))
    for target, begun, result in zip(targets, begins, SO_FAR, strict=False):
        past = _past_call(campaign, target, agent, begun, result, cast, rng)
        key = write_calls([past])[past.public_id].call
        target.state, target.claimed_by, target.call_id, target.next_at = target.State.DIALLING, agent, key, None
        target.save()
        CampaignAttempt.objects.create(target=target, call_id=key, agent=agent, mode=campaign.mode, started_at=begun)
        leg = CallLeg.objects.get(call=key, agent=agent)
        if result == AttemptResult.ANSWERED:
            with clock.at(past.wrapped_up_at):
                finish_wrap_up(leg.pk, by=agent, outcome=cast.outcomes[OUTCOME], note=text.note)
        else:
            _not_reached(leg, NOT_REACHED[result])


def _not_reached(leg: CallLeg, outcome: CallOutcome) -> None:
    """The customer's telephone rang, and that was all."""
    Call.objects.filter(pk=leg.call_id).update(outcome=outcome, answered_at=None)
    CallLeg.objects.filter(call=leg.call_id, agent=None).update(joined_at=None)
    call = Call.objects.get(pk=leg.call_id)
    leg.wrap_up_started_at = leg.wrap_up_deadline = None
    assert call.ended_at is not None
    with clock.at(call.ended_at):
        record_contact(call, leg, outcome=None)
        leg.save()
        attempt_failed(call, now=call.ended_at)


def _free_moments(agent: User, now: datetime) -> Iterator[datetime]:
    """Moments, from now backwards, at which the agent was in no call."""
    for place in count(2):
        begun = now - place * APART
        legs = CallLeg.objects.filter(agent=agent, invited_at__lt=begun + LONGEST, left_at__gt=begun - LONGEST)
        if not legs.exists():
            yield begun


def _past_call(
    campaign: Campaign, target: CampaignTarget, agent: User, begun: datetime, result: str, cast: Cast, rng: Random
) -> PastCall:
    is_answered = result == AttemptResult.ANSWERED
    return PastCall(
        public_id=UUID(int=rng.getrandbits(128), version=4),
        started_at=begun,
        direction=Call.Direction.OUT,
        queue=campaign.queue,
        line=next(line for line in cast.lines.values() if line.queue_id == campaign.queue_id),
        agent=agent,
        account=target.account,
        contact=target.contact,
        number=target.number,
        wait_s=RINGS_S,
        talk_s=rng.randint(45, 220) if is_answered else 0,
        wrap_s=30,
        ended_by=Party.CUSTOMER if is_answered else Party.CARRIER,
    )
