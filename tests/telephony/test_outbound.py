"""Outbound figures: under four headings that agree with one another."""

from datetime import UTC, datetime, timedelta

import pytest

from crmcore.models import Outcome
from telephony.actions.outgoing import place_call
from telephony.actions.roll_up import forget_sums, roll_up
from telephony.actions.wrap_up import finish_wrap_up
from telephony.models import CallLeg, PhoneLine
from telephony.providers.dialling import DialFailed
from telephony.queries.outbound import Outbound, OutboundReport, outbound_report
from tests.telephony.campaign_desk import NUMBER, a_campaign, a_line, a_target, joined, says
from tests.telephony.desk import NINE, Desk
from tests.telephony.test_campaigns import an_outcome, dialled, spoken

OTHER = "+8613900139000"


@pytest.fixture(autouse=True)
def line(desk: Desk) -> PhoneLine:
    return a_line(desk)


def report(desk: Desk, step: str = "half_hour") -> OutboundReport:
    forget_sums()
    roll_up()
    return outbound_report([desk.queue], NINE, NINE + timedelta(days=1), step, UTC)


@pytest.fixture
def morning(desk: Desk) -> Outcome:
    """Two calls of a campaign, one spoken to for half a minute and sold, one busy; one call without a campaign."""
    campaign, sold = a_campaign(desk), an_outcome()
    first, second = a_target(campaign), a_target(campaign, OTHER)
    mei = joined(desk, campaign)
    call = spoken(desk, first, mei)
    desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=sold)
    desk.moment += timedelta(minutes=40)
    desk.wait(1)
    desk.do(lambda: None)
    omar = joined(desk, campaign, "omar")
    says(desk, dialled(desk, second, omar), DialFailed, "f", reason="busy")
    single, _ticket = desk.do(place_call, "+8613600136000", by=omar)
    desk.joins(single, desk.agent_leg(single))
    says(desk, single, DialFailed, "g", reason="no_answer")
    return sold


def test_attempts_conversations_and_talk_time(desk: Desk, morning: Outcome) -> None:
    whole = report(desk).whole
    assert (whole.attempts, whole.connected, whole.talk_seconds) == (3, 1, 30)
    assert whole.contact_rate == pytest.approx(1 / 3) and whole.average_talk_s == 30


def test_headings_agree_with_the_whole(desk: Desk, morning: Outcome) -> None:
    found = report(desk)
    for rows in (found.intervals, found.agents, found.campaigns):
        assert sum(row.attempts for _label, row in rows) == 3 and sum(row.connected for _label, row in rows) == 1
    assert [(agent.name, row.attempts) for agent, row in found.agents] == [("mei", 1), ("omar", 2)]
    assert [(campaign and campaign.name, row.attempts) for campaign, row in found.campaigns] == [
        ("Renewals", 2),
        (None, 1),
    ]
    assert found.outcomes == [(morning, 1)]


@pytest.mark.parametrize(
    ("step", "starts"),
    [
        ("half_hour", [datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 2, 1, 30, tzinfo=UTC)]),
        ("hour", [datetime(2026, 3, 2, 1, tzinfo=UTC)]),
        ("day", [datetime(2026, 3, 2, tzinfo=UTC)]),
    ],
)
def test_calls_count_in_the_step_in_which_they_began(
    desk: Desk, morning: Outcome, step: str, starts: list[datetime]
) -> None:
    assert [start for start, _row in report(desk, step).intervals] == starts


def test_call_whose_agent_never_came_is_no_attempt(desk: Desk) -> None:
    campaign = a_campaign(desk)
    mei = joined(desk, campaign)
    desk.do(place_call, NUMBER, by=mei)
    desk.wait(9)
    assert report(desk).whole.attempts == 0


def test_call_that_was_passed_on_is_one_attempt_with_the_talk_of_both(desk: Desk, morning: Outcome) -> None:
    first = CallLeg.objects.get(kind="agent", talk_seconds=30)
    times = {"invited_at": first.invited_at, "joined_at": first.joined_at, "left_at": first.left_at}
    CallLeg.objects.create(call=first.call, agent=first.agent, kind="agent", state="left", talk_seconds=12, **times)
    found = report(desk)
    for whole in (found.whole, sum((row for _label, row in found.campaigns), Outbound())):
        assert (whole.attempts, whole.connected, whole.talk_seconds) == (3, 1, 42)


def test_an_outcome_chosen_days_later_counts_on_the_day_of_the_call(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call, _ticket = desk.do(place_call, NUMBER, by=mei)
    for leg in (desk.agent_leg(call), desk.customer_leg(call)):
        desk.joins(call, leg)
    desk.hangs_up(call)
    desk.wait(600)
    desk.do(roll_up)
    desk.moment += timedelta(days=3)
    sold = an_outcome()
    desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=sold)
    desk.do(roll_up)
    assert outbound_report([desk.queue], NINE, NINE + timedelta(days=1), "hour", UTC).outcomes == [(sold, 1)]


def test_calls_of_other_queues_are_left_out(desk: Desk, morning: Outcome) -> None:
    other = desk.new_queue("other")
    assert outbound_report([other], NINE, NINE + timedelta(days=1), "hour", UTC).whole.attempts == 0
