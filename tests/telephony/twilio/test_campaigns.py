"""A progressive campaign through the carrier: the agent's browser joins, the customer is called, results come back."""

import pytest

from crmcore.models import User
from telephony.actions.campaign_pacing import pace_campaigns
from telephony.actions.offers import rejoin_call
from telephony.actions.wrap_up import finish_wrap_up
from telephony.campaign_rules import AttemptResult
from telephony.models import Call, Campaign, CampaignAttempt, CampaignTarget
from telephony.states import CallState
from tests.telephony.campaign_desk import a_campaign, a_line, a_target, again, joined
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tests.telephony.test_campaigns import an_outcome
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import CUSTOMER, Line
from tests.telephony.twilio.test_dialling import answer, customers


@pytest.fixture
def target(desk: Desk) -> CampaignTarget:
    a_line(desk)
    return a_target(a_campaign(desk, mode=Campaign.Mode.PROGRESSIVE), CUSTOMER)


@pytest.fixture
def mei(desk: Desk, target: CampaignTarget) -> User:
    return joined(desk, target.campaign)


def dialled_by_itself(line: Line, mei: User, *, connect: bool = True) -> Call:
    """The desk places the call; the console, told so, takes it up as after a reload."""
    line.desk.wait(1)
    line.desk.do(pace_campaigns)
    call = Call.objects.get()
    if connect:
        line.carrier.connect_browser(f"a_{mei.pk}", ticket=line.desk.do(rejoin_call, call.pk, by=mei))
        line.settle()
    return line.desk.again(call)


def test_customer_is_called_into_the_waiting_agents_room(
    line: Line, desk: Desk, target: CampaignTarget, mei: User
) -> None:
    call = dialled_by_itself(line, mei)
    assert call.state == CallState.RINGING and len(customers(line)) == 1
    answer(line)
    assert desk.again(call).state == CallState.TALKING
    line.carrier.hang_up(customers(line)[0])
    line.settle()
    desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=an_outcome())
    assert again(target).state == CampaignTarget.State.DONE
    check(desk.moment)


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("busy", AttemptResult.BUSY),
        ("no-answer", AttemptResult.NO_ANSWER),
        ("failed", AttemptResult.FAILED),
    ],
)
def test_who_is_not_reached_waits_for_the_next_attempt(
    line: Line, desk: Desk, target: CampaignTarget, mei: User, status: str, result: str
) -> None:
    dialled_by_itself(line, mei)
    line.carrier.dialling.give_up(customers(line)[0], status)
    line.settle()
    assert (again(target).state, again(target).reason, again(target).attempts) == ("waiting", result, 1)
    assert CampaignAttempt.objects.get().result == result


def test_browser_that_never_comes_calls_nobody(line: Line, desk: Desk, target: CampaignTarget, mei: User) -> None:
    call = dialled_by_itself(line, mei, connect=False)
    desk.wait(9)
    line.settle()
    assert customers(line) == [] and desk.again(call).state == CallState.ENDED
    assert (again(target).state, again(target).attempts) == ("waiting", 0)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("ending", ["answered", "busy"])
def test_repeated_and_shuffled_webhooks_count_one_attempt(
    make_line: MakeLine, desk: Desk, target: CampaignTarget, mei: User, ending: str, seed: int
) -> None:
    line = make_line(seed=seed, copies=2, shuffled=True, late=0.5, first_late=0.3)
    call = dialled_by_itself(line, mei)
    line.settle(everything=True)
    if ending == "busy":
        line.carrier.dialling.give_up(customers(line)[0], "busy")
    else:
        customer = answer(line)
        line.settle(everything=True)
        desk.wait(20)
        line.carrier.hang_up(customer)
    line.settle(everything=True)
    if ending == "answered":
        desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=an_outcome())
    desk.do(pace_campaigns)
    assert CampaignAttempt.objects.get().result == ending
    assert again(target).attempts == 1 and len(customers(line)) == 1
    check(desk.moment)
