"""Broken connections, silent screens, and what the sweeper makes of them."""

from crmcore.models.presence import Chosen, SystemState
from telephony.actions.heartbeats import legs_seen
from telephony.models import QueueEntry
from telephony.providers.base import ReturnCaller
from telephony.states import CallOutcome, CallState, EndReason, LegState, OfferEnd, Party
from tests.telephony.carriers import QuietCarrier
from tests.telephony.desk import Desk


def test_waiting_caller_who_comes_back_in_time_keeps_the_place(desk: Desk) -> None:
    call = desk.call(queue=desk.queue)
    desk.loses(call)
    desk.wait(20)
    desk.joins(call)
    desk.wait(30)
    assert desk.again(call).state == CallState.QUEUED


def test_waiting_caller_who_stays_away_has_abandoned(desk: Desk) -> None:
    call = desk.call(queue=desk.queue)
    desk.loses(call)
    desk.wait(31)
    call = desk.again(call)
    assert (call.outcome, call.end_reason) == (CallOutcome.ABANDONED, EndReason.LOST)


def test_agent_who_reloads_goes_on_talking(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    leg = desk.agent_leg(call)
    desk.loses(call, leg)
    desk.wait(50)
    desk.joins(call, leg)
    desk.wait(30)
    assert desk.again(call).state == CallState.TALKING


def test_agent_who_stays_away_loses_the_call_to_the_queue(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    leg = desk.agent_leg(call)
    desk.at_screen.clear()
    desk.loses(call, leg)
    desk.wait(61)
    call = desk.again(call)
    assert (call.state, call.agent) == (CallState.QUEUED, None)
    assert desk.last_offer(call).end_reason == OfferEnd.AGENT_OFFLINE
    leg.refresh_from_db()
    assert leg.state == LegState.LEFT and leg.is_unclassified and leg.interaction is not None
    assert desk.presence(mei).chosen == Chosen.OFFLINE
    assert QueueEntry.objects.get(call=call, left_at=None).priority_s > 0
    assert any(isinstance(command, ReturnCaller) for command in QuietCarrier.sent)


def test_call_returned_to_the_queue_talks_to_the_next_agent(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    answered_at = call.answered_at
    desk.at_screen.clear()
    desk.loses(call, desk.agent_leg(call))
    desk.wait(61)
    omar = desk.new_agent("omar")
    desk.wait(1)
    call = desk.talk(call)
    assert (call.state, call.agent, call.answered_at) == (CallState.TALKING, omar, answered_at)
    desk.hangs_up(call)
    assert desk.again(call).outcome == CallOutcome.COMPLETED


def test_both_gone_ends_the_call(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    desk.loses(call)
    desk.loses(call, desk.agent_leg(call))
    desk.wait(31)
    call = desk.again(call)
    assert (call.outcome, call.end_reason) == (CallOutcome.COMPLETED, EndReason.LOST)


def test_silent_leg_is_lost_and_ends(desk: Desk) -> None:
    call = desk.call(queue=desk.queue, provider="reporting")
    desk.wait(26)
    assert desk.customer_leg(call).lost_at == desk.moment
    desk.wait(31)
    assert desk.again(call).outcome == CallOutcome.ABANDONED


def test_leg_that_reports_itself_lives(desk: Desk) -> None:
    call = desk.call(queue=desk.queue, provider="reporting")
    for _ in range(10):
        desk.wait(10)
        desk.do(legs_seen, [desk.customer_leg(call).pk])
    assert desk.again(call).state == CallState.QUEUED


def test_silent_leg_that_reports_itself_again_is_back(desk: Desk) -> None:
    call = desk.call(queue=desk.queue, provider="reporting")
    desk.wait(26)
    desk.moment = desk.moment.replace(second=59)
    desk.do(legs_seen, [desk.customer_leg(call).pk])
    desk.wait(1)
    assert desk.customer_leg(call).lost_at is None


def test_screen_lost_while_talking_leaves_the_call_alone(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    desk.at_screen.clear()
    desk.wait(300)
    assert desk.again(call).state == CallState.TALKING
    assert desk.presence(mei).system == SystemState.ON_CONTACT


def test_agent_whose_screen_returns_is_ready_again(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    desk.at_screen.clear()
    desk.wait(11)
    assert desk.presence(mei).chosen == Chosen.OFFLINE
    desk.at_screen.add(mei.pk)
    desk.wait(1)
    assert (desk.presence(mei).chosen, desk.presence(mei).system) == (Chosen.AVAILABLE, SystemState.IDLE)


def test_customer_lost_while_talking_ends_the_conversation(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    desk.loses(call)
    desk.wait(31)
    call = desk.again(call)
    assert (call.outcome, call.hung_up_by) == (CallOutcome.COMPLETED, Party.CUSTOMER)
