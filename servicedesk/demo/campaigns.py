"""A running campaign in each world, filled and started as a supervisor would do it, with the calls of this morning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import count, islice
from random import Random
from uuid import UUID

from crmcore.models import Outcome, User
from crmcore.queries.segments import Segment
from servicedesk.demo.calls import PastCall, write_calls
from servicedesk.demo.cast import Cast
from telephony.actions.campaign_filling import fill_from_segment
from telephony.actions.campaigns import move_campaign, save_campaign, usual_rules
from telephony.campaign_rules import USUAL, AttemptResult
from telephony.models import Call, CallLeg, Campaign, CampaignAttempt, CampaignTarget
from telephony.states import CallOutcome, Party

EVERY_DAY = list(range(7))
APART = timedelta(minutes=11)
LONGEST = timedelta(minutes=6)
RINGS_S = 18
# What the attempts so far ended with, in this order.
SO_FAR = ("answered", "no_answer", "answered", "busy", "answered", "answered", "no_answer", "answered")
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
        _call_some(campaign, cast.staff[text.agent], cast, now=now, rng=rng)


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


def _call_some(campaign: Campaign, agent: User, cast: Cast, *, now: datetime, rng: Random) -> None:
    """The first people of the list have been called today."""
    targets = list(campaign.targets.select_related("contact", "account").order_by("pk")[: len(SO_FAR)])
    begins = islice(_free_moments(agent, now), len(targets))
    outcome = cast.outcomes["solved"]
    for target, begun, result in zip(targets, sorted(begins), SO_FAR, strict=False):
        call = _past_call(campaign, target, agent, begun, result, cast, rng)
        attempt = CampaignAttempt.objects.create(
            target=target,
            call=call,
            agent=agent,
            mode=campaign.mode,
            started_at=begun,
            result=result,
            outcome=outcome if result == AttemptResult.ANSWERED else None,
        )
        _leave(target, attempt, call, outcome, now)


def _free_moments(agent: User, now: datetime) -> Iterator[datetime]:
    """Moments, from now backwards, at which the agent was in no call."""
    for place in count(2):
        begun = now - place * APART
        legs = CallLeg.objects.filter(agent=agent, invited_at__lt=begun + LONGEST, left_at__gt=begun - LONGEST)
        if not legs.exists():
            yield begun


def _past_call(
    campaign: Campaign, target: CampaignTarget, agent: User, begun: datetime, result: str, cast: Cast, rng: Random
) -> Call:
    is_answered = result == AttemptResult.ANSWERED
    past = PastCall(
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
    keys = write_calls([past])[past.public_id]
    legs = CallLeg.objects.filter(call=keys.call, agent=agent)
    if is_answered:
        legs.update(outcome=cast.outcomes["solved"], wrap_up_ended_at=past.wrapped_up_at)
    else:
        legs.update(wrap_up_started_at=None, wrap_up_deadline=None)
        Call.objects.filter(pk=keys.call).update(outcome=NOT_REACHED[result], answered_at=None)
        CallLeg.objects.filter(call=keys.call, agent=None).update(joined_at=None)
    return Call.objects.get(pk=keys.call)


def _leave(target: CampaignTarget, attempt: CampaignAttempt, call: Call, outcome: Outcome, now: datetime) -> None:
    """The state in which the end of the attempt leaves somebody."""
    target.attempts, target.call, target.reason = 1, call, attempt.result
    if attempt.result == AttemptResult.ANSWERED:
        target.state, target.outcome, target.closed_at, target.next_at = target.State.DONE, outcome, call.ended_at, None
    else:
        assert call.ended_at is not None
        target.next_at = call.ended_at + timedelta(minutes=USUAL[AttemptResult(attempt.result)].gap_minutes)
    target.save()
