"""Every row of the call's state table."""

import pytest

from telephony.actions.calls import hang_up, hold_call, resume_call
from telephony.actions.fold import fold
from telephony.actions.transitions import MovedOn
from telephony.models import QueueEntry
from telephony.providers.base import CallFinished, Incoming
from telephony.states import CallOutcome, CallState, EndReason, EntryEnd, OfferEnd, Party
from tests.telephony.desk import Desk


def test_incoming_call_waits_in_its_queue(desk: Desk) -> None:
    call = desk.call(queue=desk.queue)
    assert call.state == CallState.QUEUED
    entry = QueueEntry.objects.get(call=call)
    assert (entry.queue, entry.entered_at, entry.left_at) == (desk.queue, desk.moment, None)


def test_same_call_told_twice_is_one_call(desk: Desk) -> None:
    signal = Incoming(provider="quiet", provider_call_id="x", token="a", from_number="+8613800138000")
    again = Incoming(provider="quiet", provider_call_id="x", token="b", from_number="+8613800138000")
    assert desk.do(fold, signal) == desk.do(fold, signal) == desk.do(fold, again)
    assert QueueEntry.objects.count() == 1


def test_offer_makes_the_call_ring(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    assert call.state == CallState.OFFERING
    offer = desk.offer(call)
    assert offer is not None and offer.agent == mei


def test_failed_offer_keeps_the_place_in_the_queue(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    entry = QueueEntry.objects.get(call=call)
    desk.wait(21)
    assert desk.again(call).state == CallState.QUEUED
    now = QueueEntry.objects.get(call=call)
    assert (now.rank, now.entered_at, now.left_at, now.tries) == (entry.rank, entry.entered_at, None, 1)


def test_accept_connects_but_nobody_talks_yet(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    call = desk.again(call)
    assert (call.state, call.agent, call.answered_at) == (CallState.CONNECTING, mei, None)


@pytest.mark.parametrize("agent_first", [True, False])
def test_talking_only_when_both_joined(desk: Desk, agent_first: bool) -> None:
    desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    first, second = (desk.agent_leg(call), None) if agent_first else (None, desk.agent_leg(call))
    desk.joins(call, first)
    assert desk.again(call).state == CallState.CONNECTING
    desk.moment = desk.moment.replace(second=59)
    desk.joins(call, second)
    call = desk.again(call)
    assert (call.state, call.answered_at) == (CallState.TALKING, desk.moment)
    assert QueueEntry.objects.get(call=call).left_as == EntryEnd.ANSWERED


def test_agent_without_audio_returns_the_call_to_its_place(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    desk.wait(9)
    assert desk.again(call).state == CallState.QUEUED
    assert QueueEntry.objects.get(call=call).left_at is None
    assert desk.last_offer(call).end_reason == OfferEnd.MEDIA_FAILED


@pytest.mark.parametrize("state", [CallState.QUEUED, CallState.OFFERING, CallState.CONNECTING])
def test_caller_who_leaves_before_the_answer_abandons(desk: Desk, state: CallState) -> None:
    if state != CallState.QUEUED:
        desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    if state == CallState.CONNECTING:
        desk.accept(call)
    call = desk.hangs_up(call)
    assert (call.state, call.outcome, call.hung_up_by) == (CallState.ENDED, CallOutcome.ABANDONED, Party.CUSTOMER)
    assert QueueEntry.objects.get(call=call).left_as == EntryEnd.ABANDONED
    assert desk.offer(call) is None
    if state != CallState.QUEUED:
        assert desk.last_offer(call).end_reason == OfferEnd.CALLER_LEFT


def test_longest_wait_flows_out(desk: Desk) -> None:
    queue = desk.new_queue("short", max_wait_s=60)
    call = desk.call(queue=queue)
    desk.wait(61)
    call = desk.again(call)
    assert (call.outcome, call.end_reason) == (CallOutcome.OVERFLOWED, EndReason.MAX_WAIT)
    assert QueueEntry.objects.get(call=call).left_as == EntryEnd.OVERFLOWED


def test_hold_and_resume_are_segments(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    desk.do(hold_call, call.pk, by=mei)
    assert desk.again(call).state == CallState.HELD
    desk.wait(10)
    desk.do(hold_call, call.pk, by=mei)
    desk.do(resume_call, call.pk, by=mei)
    desk.do(resume_call, call.pk, by=mei)
    desk.wait(20)
    desk.hangs_up(call)
    leg = desk.agent_leg(call)
    assert (leg.hold_seconds, leg.talk_seconds, leg.holds.count()) == (10, 20, 1)


def test_hold_outside_of_a_conversation_is_refused(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    with pytest.raises(MovedOn):
        desk.do(hold_call, call.pk, by=mei)


def test_agent_hangs_up(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    desk.do(hang_up, call.pk, by=mei)
    desk.do(hang_up, call.pk, by=mei)
    call = desk.again(call)
    assert (call.outcome, call.hung_up_by, call.end_reason) == (CallOutcome.COMPLETED, Party.AGENT, EndReason.DESK)


def test_agent_who_hangs_up_at_the_carrier_ends_the_call(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    desk.leaves(call, desk.agent_leg(call))
    call = desk.again(call)
    assert (call.outcome, call.hung_up_by) == (CallOutcome.COMPLETED, Party.AGENT)


def test_four_hours_are_the_end(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    desk.wait(4 * 3600 + 1)
    call = desk.again(call)
    assert (call.outcome, call.end_reason, call.hung_up_by) == (
        CallOutcome.COMPLETED,
        EndReason.TIME_LIMIT,
        Party.SYSTEM,
    )


def test_ended_never_leaves_ended(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call(queue=desk.queue)
    desk.accept(call)
    leg = desk.agent_leg(call)
    call = desk.hangs_up(call)
    epoch = call.epoch
    desk.joins(call, leg)
    desk.hangs_up(call)
    desk.do(
        fold, CallFinished(provider=call.provider, provider_call_id=call.provider_call_id, token="over", by="agent")
    )
    desk.wait(30)
    call = desk.again(call)
    assert (call.state, call.epoch) == (CallState.ENDED, epoch)
