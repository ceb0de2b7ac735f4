"""Campaigns: one agent, one customer at a time; asked again before every call; what follows an attempt."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from crmcore.actions import presence
from crmcore.actions.consents import say_consents
from crmcore.models import ContactPoint, Outcome, User
from crmcore.models.presence import Chosen, SystemState
from telephony.actions.campaign_seats import join_campaign, leave_campaign
from telephony.actions.campaign_targets import claim_next, dial_target, skip_target
from telephony.actions.campaigns import CannotRun, dial_by_itself_again, move_campaign, usual_rules
from telephony.actions.do_not_call import forbid
from telephony.actions.transitions import MovedOn
from telephony.actions.wrap_up import finish_wrap_up
from telephony.campaign_rules import Action, AttemptResult, SkipReason
from telephony.dial_rules import DialRefused, Refusal
from telephony.models import Call, Campaign, CampaignAttempt, CampaignRule, CampaignSeat, CampaignTarget, PhoneLine
from telephony.providers.dialling import DialFailed, Ringing
from telephony.states import CallOutcome, CallState
from tests.telephony.campaign_desk import NUMBER, a_campaign, a_contact, a_line, a_target, again, joined, pace, says
from tests.telephony.desk import Desk
from tests.telephony.invariants import check

State = CampaignTarget.State
OTHER = "+8613900139000"


@pytest.fixture(autouse=True)
def line(desk: Desk) -> PhoneLine:
    return a_line(desk)


def in_hand(agent: User) -> CampaignTarget | None:
    return CampaignTarget.objects.filter(claimed_by=agent).first()


def dialled(desk: Desk, target: CampaignTarget, agent: User) -> Call:
    """The agent is in the room and the carrier has been asked."""
    call, _ticket = desk.do(dial_target, target.pk, by=agent)
    desk.joins(call, desk.agent_leg(call))
    return desk.again(call)


def spoken(desk: Desk, target: CampaignTarget, agent: User) -> Call:
    call = dialled(desk, target, agent)
    desk.joins(call)
    desk.wait(30, tick=False)
    return desk.hangs_up(call)


def an_outcome(code: str = "sold") -> Outcome:
    return Outcome.objects.create(code=code, name=code, position=1, ticket_effect=Outcome.TicketEffect.NONE)


def test_who_joins_a_preview_gets_one_customer(desk: Desk) -> None:
    campaign = a_campaign(desk)
    first, second = a_target(campaign), a_target(campaign, OTHER)
    mei = joined(desk, campaign)
    assert in_hand(mei) == first and again(second).state == State.WAITING
    pace(desk)
    assert again(second).state == State.WAITING


def test_two_agents_get_two_customers(desk: Desk) -> None:
    campaign = a_campaign(desk)
    a_target(campaign), a_target(campaign, OTHER)
    mei, omar = joined(desk, campaign), joined(desk, campaign, "omar")
    assert {in_hand(mei).number, in_hand(omar).number} == {NUMBER, OTHER}  # type: ignore[union-attr]


def test_nobody_dials_a_colleagues_customer(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    joined(desk, campaign)
    omar = joined(desk, campaign, "omar")
    with pytest.raises(MovedOn):
        desk.do(dial_target, target.pk, by=omar)
    assert not Call.objects.exists()


def test_call_counts_for_the_campaigns_queue_and_shows_its_number(desk: Desk) -> None:
    queue = desk.new_queue("sales")
    shown = PhoneLine.objects.create(name="Sales", number="+862151008111", queue=queue)
    campaign = a_campaign(desk, line=shown)
    target = a_target(campaign, contact=a_contact())
    mei = joined(desk, campaign)
    call = dialled(desk, target, mei)
    assert (call.queue, call.from_e164, call.contact) == (desk.queue, shown.number, target.contact)
    check(desk.moment)


def test_dialled_twice_it_is_one_call(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    first, _ = desk.do(dial_target, target.pk, by=mei)
    second, _ = desk.do(dial_target, target.pk, by=mei)
    assert first == second and CampaignAttempt.objects.count() == Call.objects.count() == 1


def test_do_not_call_said_after_filling_holds_at_dialling(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign, contact=a_contact())
    mei = joined(desk, campaign)
    ContactPoint.objects.update(opted_out=True)
    with pytest.raises(DialRefused) as refused:
        desk.do(dial_target, target.pk, by=mei)
    assert refused.value.refusal == Refusal.DO_NOT_CALL
    assert again(target).state == State.REFUSED and not Call.objects.exists()
    assert desk.presence(mei).system == SystemState.IDLE


def test_who_wants_no_offers_by_telephone_is_never_given_out(desk: Desk) -> None:
    campaign, contact = a_campaign(desk), a_contact()
    ContactPoint.objects.get_or_create(contact=contact, kind="phone", value=NUMBER, defaults={"raw": NUMBER})
    target = a_target(campaign, contact=contact)
    desk.do(say_consents, contact, {"phone": False}, by=None, source="desk")
    mei = joined(desk, campaign)
    assert in_hand(mei) is None and again(target).state == State.REFUSED


def test_offers_refused_after_filling_hold_at_dialling(desk: Desk) -> None:
    campaign, contact = a_campaign(desk), a_contact()
    ContactPoint.objects.get_or_create(contact=contact, kind="phone", value=NUMBER, defaults={"raw": NUMBER})
    target = a_target(campaign, contact=contact)
    mei = joined(desk, campaign)
    desk.do(say_consents, contact, {"phone": False}, by=None, source="desk")
    with pytest.raises(DialRefused):
        desk.do(dial_target, target.pk, by=mei)
    assert again(target).state == State.REFUSED and not Call.objects.exists()


def test_number_on_the_list_is_never_given_out(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    desk.do(forbid, NUMBER, by=None)
    mei = joined(desk, campaign)
    assert in_hand(mei) is None and again(target).state == State.REFUSED


def test_hours_are_asked_again_at_dialling(desk: Desk) -> None:
    campaign = a_campaign(desk, opens=time(9), closes=time(10))
    target = a_target(campaign)  # 9:00 in China
    mei = joined(desk, campaign)
    desk.wait(3600)
    with pytest.raises(DialRefused) as refused:
        desk.do(dial_target, target.pk, by=mei)
    assert refused.value.refusal == Refusal.CLOSED_HOURS
    assert (again(target).state, again(target).next_at) == (State.WAITING, datetime(2026, 3, 3, 1, tzinfo=UTC))


def test_customer_elsewhere_waits_for_the_morning_there(desk: Desk) -> None:
    campaign = a_campaign(desk, opens=time(9), closes=time(18))
    sleeper = a_target(campaign, contact=a_contact(time_zone="America/New_York"))
    awake = a_target(campaign, OTHER)
    mei = joined(desk, campaign)
    assert in_hand(mei) == awake
    assert again(sleeper).next_at == datetime(2026, 3, 2, 14, tzinfo=UTC)


def test_paused_campaign_dials_nobody(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    Campaign.objects.update(state=Campaign.State.PAUSED)
    with pytest.raises(DialRefused) as refused:
        desk.do(dial_target, target.pk, by=mei)
    assert refused.value.refusal == Refusal.STOPPED


@pytest.mark.parametrize(("reason", "state"), [(SkipReason.SPOKEN, State.DONE), (SkipReason.OPTED_OUT, State.REFUSED)])
def test_skipped_customer_is_not_called_again(desk: Desk, reason: SkipReason, state: str) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    for _ in range(2):
        desk.do(skip_target, target.pk, reason, by=mei)
    assert (again(target).state, again(target).attempts) == (state, 0)


def test_skipped_for_later_comes_again_in_an_hour(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    desk.do(skip_target, target.pk, SkipReason.LATER, by=mei)
    pace(desk)
    assert in_hand(mei) is None
    pace(desk, 3600)
    assert in_hand(mei) == target


def test_claim_that_nobody_acts_upon_ends_and_so_does_the_seat(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    joined(desk, campaign)
    pace(desk, 601)
    assert again(target).state == State.WAITING and not CampaignSeat.objects.exists()


def test_who_leaves_gives_the_customer_back(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    desk.do(leave_campaign, mei)
    assert (again(target).state, again(target).claimed_by) == (State.WAITING, None)


def test_end_of_the_shift_leaves_the_campaign(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    desk.do(presence.choose, mei, Chosen.OFFLINE, by=mei)
    pace(desk)
    assert not CampaignSeat.objects.exists() and again(target).state == State.WAITING


@pytest.mark.parametrize(("reason", "minutes"), [("busy", 15), ("no_answer", 180), ("failed", 60)])
def test_who_was_not_reached_is_called_again_after_the_gap(desk: Desk, reason: str, minutes: int) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    says(desk, dialled(desk, target, mei), DialFailed, "f", reason=reason)
    row = again(target)
    assert (row.state, row.attempts, row.reason) == (State.WAITING, 1, reason)
    assert row.next_at == desk.moment + timedelta(minutes=minutes)
    check(desk.moment)


def test_attempts_of_one_end_are_counted_by_the_campaigns_rule(desk: Desk) -> None:
    campaign = a_campaign(desk)
    CampaignRule.objects.create(
        campaign=campaign, result=AttemptResult.BUSY, action=Action.AGAIN, attempts=2, gap_minutes=5
    )
    target = a_target(campaign)
    mei = joined(desk, campaign)
    says(desk, dialled(desk, target, mei), DialFailed, "f", reason="busy")
    pace(desk, 300)
    says(desk, dialled(desk, target, mei), DialFailed, "f", reason="busy")
    assert (again(target).state, again(target).attempts) == (State.EXHAUSTED, 2)


def test_no_number_is_tried_more_often_than_the_campaign_says(desk: Desk) -> None:
    campaign = a_campaign(desk, max_attempts=1)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    says(desk, dialled(desk, target, mei), DialFailed, "f", reason="no_answer")
    assert again(target).state == State.EXHAUSTED


def test_failure_told_twice_counts_once(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    call = dialled(desk, target, joined(desk, campaign))
    for token in ("f", "f", "g"):
        says(desk, call, DialFailed, token, reason="busy")
    assert again(target).attempts == 1


def test_conversation_is_done_when_its_outcome_is_chosen(desk: Desk) -> None:
    campaign, sold = a_campaign(desk), an_outcome()
    target = a_target(campaign)
    mei = joined(desk, campaign)
    call = spoken(desk, target, mei)
    assert again(target).state == State.DIALLING
    pace(desk)
    assert again(target).state == State.DIALLING
    desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=sold)
    assert (again(target).state, again(target).outcome, again(target).attempts) == (State.DONE, sold, 1)
    assert CampaignAttempt.objects.get().outcome == sold


def test_outcome_with_a_rule_calls_again(desk: Desk) -> None:
    campaign, later = a_campaign(desk), an_outcome("later")
    CampaignRule.objects.create(campaign=campaign, outcome=later, action=Action.AGAIN, attempts=2, gap_minutes=1440)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    call = spoken(desk, target, mei)
    desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=later)
    assert (again(target).state, again(target).next_at) == (State.WAITING, desk.moment + timedelta(days=1))


def test_outcome_that_forbids_calls_forbids_them_everywhere(desk: Desk) -> None:
    campaign, never = a_campaign(desk), an_outcome("never")
    CampaignRule.objects.create(campaign=campaign, outcome=never, action=Action.DO_NOT_CALL)
    target, elsewhere = a_target(campaign), a_target(a_campaign(desk, name="Other"))
    mei = joined(desk, campaign)
    call = spoken(desk, target, mei)
    desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=never)
    assert (again(target).state, again(elsewhere).state) == (State.DONE, State.REFUSED)


def test_wrap_up_that_runs_out_is_done_and_a_later_outcome_still_counts(desk: Desk) -> None:
    campaign, sold = a_campaign(desk), an_outcome()
    target = a_target(campaign)
    mei = joined(desk, campaign)
    call = spoken(desk, target, mei)
    pace(desk, 120)
    assert (again(target).state, again(target).outcome) == (State.DONE, None)
    desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=sold)
    assert (again(target).state, again(target).outcome, again(target).attempts) == (State.DONE, sold, 1)


def test_progressive_dials_for_who_is_ready(desk: Desk) -> None:
    campaign = a_campaign(desk, mode=Campaign.Mode.PROGRESSIVE)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    assert again(target).state == State.WAITING
    pace(desk)
    call = Call.objects.get()
    assert (call.state, again(target).state, desk.presence(mei).system) == (
        CallState.DIALING,
        State.DIALLING,
        SystemState.CONNECTING,
    )
    pace(desk)
    assert Call.objects.count() == 1
    check(desk.moment)


def test_caller_in_line_goes_before_the_campaign(desk: Desk) -> None:
    campaign = a_campaign(desk, mode=Campaign.Mode.PROGRESSIVE)
    target = a_target(campaign)
    mei = joined(desk, campaign)
    caller = desk.call("+8613700137000")
    pace(desk)
    assert desk.again(caller).state == CallState.OFFERING
    assert again(target).state == State.WAITING
    assert desk.presence(mei).system == SystemState.RESERVED


def test_who_is_away_is_not_dialled_for(desk: Desk) -> None:
    campaign = a_campaign(desk, mode=Campaign.Mode.PROGRESSIVE)
    a_target(campaign)
    mei = joined(desk, campaign)
    desk.do(presence.choose, mei, Chosen.AUX, by=mei)
    pace(desk)
    assert not Call.objects.exists()


def test_agent_whose_phone_never_answers_gets_a_pause_and_the_customer_keeps_his_attempts(desk: Desk) -> None:
    campaign = a_campaign(desk, mode=Campaign.Mode.PROGRESSIVE)
    target = a_target(campaign)
    joined(desk, campaign)
    pace(desk)
    pace(desk, 9)
    assert (again(target).state, again(target).attempts) == (State.WAITING, 0)
    pace(desk, 30)
    assert Call.objects.count() == 1
    pace(desk, 200)
    assert Call.objects.count() == 2


def lost(desk: Desk, campaign: Campaign, number: str) -> CampaignTarget:
    """The customer answers, and the agent's line is gone."""
    target = a_target(campaign, number)
    pace(desk)
    call = Call.objects.get(to_e164=number)
    desk.joins(call, desk.agent_leg(call))
    says(desk, call, Ringing, "r")
    desk.loses(call, desk.agent_leg(call))
    desk.joins(call)
    desk.wait(11)
    assert desk.again(call).outcome == CallOutcome.FAILED
    return target


def test_answer_that_nobody_took_trips_the_cap(desk: Desk) -> None:
    campaign = a_campaign(desk, mode=Campaign.Mode.PROGRESSIVE)
    joined(desk, campaign)
    target = lost(desk, campaign, NUMBER)
    assert again(target).reason == AttemptResult.LOST
    a_target(campaign, OTHER)
    pace(desk)
    campaign.refresh_from_db()
    assert campaign.fell_back_at is not None and not campaign.dials_by_itself
    assert again(CampaignTarget.objects.get(number=OTHER)).state == State.CLAIMED
    assert Call.objects.count() == 1


def test_progressive_comes_back_only_under_the_cap(desk: Desk) -> None:
    supervisor = desk.new_agent("sun")
    campaign = a_campaign(desk, mode=Campaign.Mode.PROGRESSIVE)
    joined(desk, campaign)
    lost(desk, campaign, NUMBER)
    pace(desk)
    with pytest.raises(PermissionDenied):
        desk.do(dial_by_itself_again, campaign, by=supervisor)
    supervisor.is_superuser = True
    supervisor.save()
    with pytest.raises(CannotRun):
        desk.do(dial_by_itself_again, campaign, by=User.objects.get(pk=supervisor.pk))
    desk.moment += timedelta(hours=25)
    desk.do(dial_by_itself_again, campaign, by=User.objects.get(pk=supervisor.pk))
    campaign.refresh_from_db()
    assert campaign.fell_back_at is None


def test_campaign_of_another_queue_is_not_joined(desk: Desk) -> None:
    campaign = a_campaign(desk, queue=desk.new_queue("other"))
    mei = desk.new_agent("mei")
    with pytest.raises(PermissionDenied):
        desk.do(join_campaign, campaign.pk, by=mei)


def test_agent_starts_and_pauses_no_campaign(desk: Desk) -> None:
    campaign = a_campaign(desk)
    mei = desk.new_agent("mei")
    with pytest.raises(PermissionDenied):
        desk.do(move_campaign, campaign, Campaign.State.PAUSED, by=mei)


def test_finished_campaign_sends_everybody_home(desk: Desk) -> None:
    campaign = a_campaign(desk)
    target = a_target(campaign)
    joined(desk, campaign)
    boss = desk.new_agent("boss")
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    boss = User.objects.get(pk=boss.pk)
    assert desk.do(move_campaign, campaign, Campaign.State.FINISHED, by=boss)
    assert not desk.do(move_campaign, campaign, Campaign.State.FINISHED, by=boss)
    assert not CampaignSeat.objects.exists() and again(target).state == State.WAITING
    assert desk.do(claim_next, boss, Campaign.objects.get()) is None


def test_empty_campaign_does_not_start(desk: Desk) -> None:
    campaign = a_campaign(desk, state=Campaign.State.DRAFT, started_at=None)
    boss = desk.new_agent("boss")
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    with pytest.raises(CannotRun):
        desk.do(move_campaign, campaign, Campaign.State.RUNNING, by=User.objects.get(pk=boss.pk))
    assert len(usual_rules()) == 5
