"""The report on the way of the calls reads sums; whatever happens, they agree with a count of the calls by hand."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from crmcore.models import Queue
from telephony.actions.roll_up import STILL_MOVING, roll_up
from telephony.models import Call, CallQuarter, Offer, OverflowRule, PhoneLine, QueueEntry
from telephony.queries.call_flow import Journey, journey, walks_of
from telephony.states import CallOutcome, EntryEnd, OfferEnd, OverflowTarget
from tests.telephony.desk import NINE, Desk

DAY = timedelta(days=1)
ALWAYS = (NINE - DAY, NINE + 30 * DAY)


def summed(queues: list[Queue], start: datetime, end: datetime) -> Journey:
    return journey(walks_of(queues, start, end, unplaced=False))


def by_hand(queues: list[Queue], start: datetime, end: datetime) -> Journey:
    """The same from the raw rows, one call after the other."""
    calls = [
        call
        for call in Call.objects.select_related("queue", "line__queue")
        if call.direction == "in"
        and start <= call.started_at < end
        and (call.queue or (call.line and call.line.queue)) in queues
    ]
    ringing = [
        call
        for call in calls
        if call.outcome == CallOutcome.ABANDONED
        and Offer.objects.filter(call=call, end_reason=OfferEnd.CALLER_LEFT).exists()
    ]
    ends = [call.outcome for call in calls]
    return Journey(
        entered=len(calls),
        left_in_menu=ends.count(CallOutcome.IVR_ABANDON),
        self_served=ends.count(CallOutcome.SELF_SERVED),
        forwarded=ends.count(CallOutcome.FORWARDED),
        voicemail=ends.count(CallOutcome.VOICEMAIL),
        queued=sum(call.queued_at is not None for call in calls),
        answered=sum(call.answered_at is not None for call in calls),
        left_waiting=ends.count(CallOutcome.ABANDONED) - len(ringing),
        left_ringing=len(ringing),
        overflowed=sum(QueueEntry.objects.filter(call=c, left_as=EntryEnd.OVERFLOWED).exists() for c in calls),
        callback=ends.count(CallOutcome.CALLBACK),
        failed=ends.count(CallOutcome.FAILED),
    )


def leave(desk: Desk, outcome: str, *, queue: Queue | None = None, line: PhoneLine | None = None) -> Call:
    """A call that ends as it came in."""
    return Call.objects.create(
        provider="quiet",
        provider_call_id=f"left-{Call.objects.count()}",
        state="ended",
        outcome=outcome,
        queue=queue,
        line=line,
        **dict.fromkeys(("started_at", "ended_at", "state_since", "last_evidence_at"), desk.moment),
    )


@pytest.fixture
def second(desk: Desk) -> Queue:
    """Where callers of the first queue wait on after a minute."""
    second = desk.new_queue("second")
    OverflowRule.objects.create(queue=desk.queue, when="wait", limit=60, target=OverflowTarget.QUEUE, to_queue=second)
    return second


def a_day(desk: Desk, second: Queue) -> None:
    """One is sent on and gives up there, one gives up at once; one is spoken to, one hangs up while it rings."""
    sent_on = desk.call()
    desk.wait(60)
    desk.hangs_up(sent_on)
    desk.hangs_up(desk.call())
    desk.new_agent("mei", desk.queue, second)
    spoken = desk.talk(desk.call())
    desk.wait(1000)
    desk.hangs_up(spoken)
    desk.wait(61)
    desk.hangs_up(desk.call(queue=second))
    for outcome in (CallOutcome.VOICEMAIL, CallOutcome.CALLBACK, CallOutcome.FAILED, CallOutcome.SELF_SERVED):
        leave(desk, outcome, queue=second)


def test_every_way_is_counted_as_by_hand(desk: Desk, second: Queue) -> None:
    a_day(desk, second)
    desk.do(roll_up)
    found = summed([desk.queue, second], *ALWAYS)
    assert found == by_hand([desk.queue, second], *ALWAYS)
    assert (found.entered, found.queued, found.answered, found.overflowed) == (8, 4, 1, 1)
    assert (found.left_waiting, found.left_ringing, found.voicemail) == (2, 1, 1)


def test_caller_who_was_in_two_queues_came_in_once_and_for_the_last(desk: Desk, second: Queue) -> None:
    desk.call()
    desk.wait(60)
    desk.do(roll_up)
    assert [summed([queue], *ALWAYS).entered for queue in (desk.queue, second)] == [0, 1]
    assert summed([desk.queue, second], *ALWAYS) == by_hand([desk.queue, second], *ALWAYS)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York"])
def test_conversation_over_midnight_belongs_to_the_day_on_which_it_began(desk: Desk, zone: str) -> None:
    midnight = datetime(2026, 3, 3, tzinfo=ZoneInfo(zone))
    desk.moment = midnight - timedelta(minutes=3)
    desk.new_agent("mei")
    call = desk.talk(desk.call())
    desk.wait(600)
    desk.hangs_up(call)
    desk.wait(61)
    desk.hangs_up(desk.call())
    desk.do(roll_up)
    days = [(midnight - DAY, midnight), (midnight, midnight + DAY)]
    found = [summed([desk.queue], *day) for day in days]
    assert found == [by_hand([desk.queue], *day) for day in days]
    assert [(day.entered, day.answered) for day in found] == [(1, 1), (1, 0)]


def test_summing_twice_counts_nobody_twice(desk: Desk, second: Queue) -> None:
    a_day(desk, second)
    for _ in range(2):
        desk.do(roll_up)
        assert summed([desk.queue, second], *ALWAYS) == by_hand([desk.queue, second], *ALWAYS)


def test_call_that_goes_on_is_summed_anew_until_it_is_over(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call()
    for step in (lambda: desk.talk(call), lambda: desk.hangs_up(call)):
        desk.do(roll_up)
        assert summed([desk.queue], *ALWAYS) == by_hand([desk.queue], *ALWAYS)
        step()
    desk.do(roll_up)
    assert CallQuarter.objects.get().outcome == CallOutcome.COMPLETED


@pytest.mark.parametrize("later", [timedelta(minutes=1), STILL_MOVING, 3 * DAY])
def test_end_that_is_corrected_late_is_counted_as_corrected(desk: Desk, later: timedelta) -> None:
    desk.new_agent("mei")
    call = desk.call()
    desk.accept(call)
    desk.hangs_up(call)
    desk.do(roll_up)
    assert summed([desk.queue], *ALWAYS).answered == 0
    desk.moment += later
    desk.do(roll_up)
    desk.joins(call, desk.agent_leg(call))
    desk.joins(call)
    desk.do(roll_up)
    found = summed([desk.queue], *ALWAYS)
    assert (found.answered, found.left_waiting) == (1, 0)
    assert found == by_hand([desk.queue], *ALWAYS)


def test_number_that_leads_elsewhere_takes_its_past_calls_along(desk: Desk, second: Queue) -> None:
    line = PhoneLine.objects.create(number="+8621000", queue=desk.queue)
    leave(desk, CallOutcome.IVR_ABANDON, line=line)
    desk.do(roll_up)
    for queue in (desk.queue, second):
        PhoneLine.objects.update(queue=queue)
        assert summed([queue], *ALWAYS).left_in_menu == 1
        assert summed([queue], *ALWAYS) == by_hand([queue], *ALWAYS)
