"""Calls that are owed: the place in line is kept, the agent comes first, and what fails is tried again."""

from datetime import timedelta

import pytest

from crmcore.actions import presence
from crmcore.models import ContactPoint, User
from crmcore.models.presence import Chosen, SystemState
from telephony.actions.callbacks import call_off, promise_call, request_callback
from telephony.actions.outgoing import Target
from telephony.actions.roll_up import roll_up
from telephony.actions.transitions import MovedOn
from telephony.dial_rules import DialRefused, Refusal
from telephony.models import Call, Callback, MissedCall, PhoneLine, QueueEntry
from telephony.queries.board import counts_since
from telephony.queries.figures import by_queue
from telephony.states import CallOutcome, CallState, EntryEnd
from tests.telephony.desk import NINE, Desk
from tests.telephony.invariants import check
from tests.telephony.test_outgoing import NUMBER, DialFailed, a_contact, dials, says
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.models import TicketType

DAY = timedelta(days=1)


@pytest.fixture
def line(desk: Desk) -> PhoneLine:
    return PhoneLine.objects.create(name="Main", number="+862151008000", queue=desk.queue)


@pytest.fixture
def waiting(desk: Desk, line: PhoneLine) -> Call:
    call = desk.call()
    desk.moment += timedelta(seconds=60)
    return call


def ask(desk: Desk, call: Call) -> Callback:
    callback = desk.do(request_callback, call.pk)
    desk.wait(0)
    callback.refresh_from_db()
    return callback


def our_call() -> Call:
    return Call.objects.filter(direction="out").latest("pk")


def accept(desk: Desk, call: Call) -> None:
    """The agent takes the call back and is in the room."""
    desk.accept(call)
    desk.joins(call, desk.agent_leg(call))


def again(callback: Callback) -> Callback:
    return Callback.objects.get(pk=callback.pk)


def test_caller_hangs_up_and_keeps_the_place(desk: Desk, waiting: Call) -> None:
    entered = QueueEntry.objects.get(call=waiting)
    later = desk.call("+8613900139000")
    callback = ask(desk, waiting)
    first = desk.again(waiting)
    assert (first.outcome, QueueEntry.objects.get(call=first).left_as) == (CallOutcome.CALLBACK, EntryEnd.CALLBACK)
    ours = our_call()
    place = QueueEntry.objects.get(call=ours)
    assert (ours.state, place.entered_at, callback.call) == (CallState.QUEUED, entered.entered_at, ours)
    desk.new_agent("mei")
    desk.wait(1)
    assert desk.again(ours).state == CallState.OFFERING
    assert desk.again(later).state == CallState.QUEUED
    check(desk.moment)


def test_agent_comes_first_then_the_customer_is_dialled(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    mei = desk.new_agent("mei")
    desk.wait(1)
    ours = our_call()
    assert dials() == []
    accept(desk, ours)
    assert [command.number for command in dials()] == [NUMBER]
    assert desk.again(ours).state == CallState.DIALING
    check(desk.moment)
    desk.joins(ours)
    assert (desk.again(ours).state, again(callback).state) == (CallState.TALKING, Callback.State.DONE)
    assert desk.presence(mei).system == SystemState.ON_CONTACT
    assert QueueEntry.objects.get(call=ours).left_as == EntryEnd.ANSWERED
    check(desk.moment)


def test_asked_twice_it_is_one_promise(desk: Desk, waiting: Call) -> None:
    assert ask(desk, waiting) == ask(desk, waiting)
    assert Call.objects.filter(direction="out").count() == 1


def test_three_attempts_ten_minutes_apart_then_it_is_missed(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    desk.new_agent("mei")
    for attempt in range(1, 4):
        desk.wait(1)
        ours = our_call()
        accept(desk, ours)
        says(desk, ours, DialFailed, "f", reason="no_answer")
        assert again(callback).attempts == attempt
        check(desk.moment)
        if attempt < 3:
            desk.wait(590)
            assert Call.objects.filter(direction="out").count() == attempt
            desk.wait(11)
            assert Call.objects.filter(direction="out").count() == attempt + 1
    assert again(callback).state == Callback.State.FAILED
    row = MissedCall.objects.get(closed_at=None)
    assert row.number == NUMBER


def test_agent_who_does_not_take_it_costs_no_attempt(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    desk.new_agent("mei")
    desk.wait(1)
    desk.wait(21)
    assert (desk.again(our_call()).state, again(callback).attempts) == (CallState.QUEUED, 0)
    check(desk.moment)


def test_agent_whose_audio_never_comes_leaves_the_promise_in_line(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    desk.new_agent("mei")
    desk.wait(1)
    desk.accept(our_call())
    desk.wait(9)
    assert (desk.again(our_call()).state, again(callback).state) == (CallState.QUEUED, Callback.State.IN_LINE)
    assert dials() == []
    check(desk.moment)


def test_agent_lost_while_it_rings_costs_no_attempt(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    desk.new_agent("mei")
    desk.wait(1)
    ours = our_call()
    accept(desk, ours)
    desk.loses(ours, desk.agent_leg(ours))
    desk.wait(11)
    assert (again(callback).state, again(callback).attempts) == (Callback.State.WAITING, 0)
    desk.wait(31)
    assert our_call() != ours
    check(desk.moment)


def test_who_calls_again_and_is_answered_is_not_called(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    ours = our_call()
    second = desk.call(NUMBER)
    mei = desk.new_agent("mei")
    desk.do(presence.choose, mei, Chosen.AUX, by=mei)
    if desk.offer(ours):
        desk.wait(25)
    desk.do(lambda: QueueEntry.objects.filter(call=ours).update(rank=desk.moment + timedelta(days=1)))
    desk.do(presence.choose, mei, Chosen.AVAILABLE, by=mei)
    desk.wait(1)
    desk.talk(second)
    desk.wait(1)
    assert again(callback).state == Callback.State.DONE
    assert desk.again(ours).state == CallState.ENDED
    check(desk.moment)


def test_who_is_with_an_agent_is_not_promised_a_call(desk: Desk, line: PhoneLine) -> None:
    desk.new_agent("mei")
    call = desk.talk(desk.call())
    with pytest.raises(MovedOn):
        desk.do(request_callback, call.pk)


def test_number_that_may_not_be_called_keeps_waiting(desk: Desk, waiting: Call) -> None:
    a_contact()
    ContactPoint.objects.update(opted_out=True)
    with pytest.raises(DialRefused) as refused:
        desk.do(request_callback, waiting.pk)
    assert refused.value.refusal == Refusal.DO_NOT_CALL
    assert desk.again(waiting).state == CallState.QUEUED


def test_do_not_call_holds_for_what_was_promised_before(desk: Desk, line: PhoneLine) -> None:
    mei = desk.new_agent("mei")
    callback = desk.do(promise_call, NUMBER, by=mei, at=desk.moment + timedelta(minutes=5))
    a_contact()
    ContactPoint.objects.update(opted_out=True)
    desk.wait(301)
    assert again(callback).state == Callback.State.FAILED
    assert not Call.objects.exists()


def test_promise_rings_at_its_owner_when_it_is_due(desk: Desk, line: PhoneLine) -> None:
    desk.new_agent("bo")
    mei = desk.new_agent("mei")
    desk.do(promise_call, NUMBER, by=mei, at=desk.moment + timedelta(minutes=5))
    desk.wait(299)
    assert not Call.objects.exists()
    desk.wait(2)
    offer = desk.offer(our_call())
    assert offer is not None and offer.agent == mei
    check(desk.moment)


def test_promise_falls_back_to_the_queue_when_its_owner_is_away(desk: Desk, line: PhoneLine) -> None:
    bo, mei = desk.new_agent("bo"), desk.new_agent("mei")
    desk.do(promise_call, NUMBER, by=mei, at=desk.moment + timedelta(minutes=5))
    desk.do(presence.choose, mei, Chosen.AUX, by=mei)
    desk.wait(301)
    assert not Call.objects.exists()
    desk.wait(121)
    offer = desk.offer(our_call())
    assert offer is not None and offer.agent == bo


def test_promise_for_the_past_is_refused(desk: Desk, line: PhoneLine) -> None:
    mei = desk.new_agent("mei")
    with pytest.raises(ValueError, match="future"):
        desk.do(promise_call, NUMBER, by=mei, at=desk.moment)


def test_second_promise_to_a_number_moves_the_first(desk: Desk, line: PhoneLine) -> None:
    mei = desk.new_agent("mei")
    first = desk.do(promise_call, NUMBER, by=mei, at=desk.moment + timedelta(minutes=5))
    second = desk.do(promise_call, NUMBER, by=mei, at=desk.moment + timedelta(minutes=50))
    assert first == second and again(first).due_at == desk.moment + timedelta(minutes=50)


def test_promise_that_is_called_off_is_not_kept(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    mei = desk.new_agent("mei")
    desk.do(presence.choose, mei, Chosen.AUX, by=mei)
    for _ in range(2):
        desk.do(call_off, callback.pk, by=mei)
    desk.wait(25)
    assert again(callback).state == Callback.State.CANCELED
    assert our_call().state == CallState.ENDED
    assert not MissedCall.objects.exists()
    check(desk.moment)


def test_promise_of_another_team_is_out_of_reach(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    stranger = desk.new_agent("stranger")
    stranger.teams.clear()
    with pytest.raises(Callback.DoesNotExist):
        desk.do(call_off, callback.pk, by=User.objects.get(pk=stranger.pk))


def test_nobody_is_called_for_ever(desk: Desk, waiting: Call) -> None:
    callback = ask(desk, waiting)
    desk.wait(4 * 3600 + 1)
    assert again(callback).state == Callback.State.FAILED
    assert MissedCall.objects.filter(closed_at=None, number=NUMBER).exists()


def test_callback_is_a_channel_of_its_own_in_every_figure(desk: Desk, waiting: Call) -> None:
    ask(desk, waiting)
    desk.new_agent("mei")
    desk.wait(1)
    accept(desk, our_call())
    desk.joins(our_call())
    desk.wait(120)
    desk.do(roll_up)
    [(_queue, summed)] = by_queue([desk.queue], NINE - DAY, NINE + DAY)
    assert (summed.counts.answered, summed.counts.flowed_out, summed.counts.offered) == (0, 1, 1)
    assert summed.counts == counts_since(NINE - DAY, [desk.queue])[desk.queue.pk]


def test_promise_about_a_ticket_is_a_clock_that_moves_with_it_and_ends_when_it_is_called_off(
    desk: Desk, line: PhoneLine
) -> None:
    ensure_ticket_defaults()
    mei = desk.new_agent("mei")
    kind = TicketType.objects.get(code="repair")
    facts = {"by": mei, "type": kind, "queue": desk.queue, "account": None, "contact": None, "channel": "call"}
    ticket = desk.do(open_ticket, subject="Leaks", assignee=mei, **facts)
    due = desk.moment + timedelta(minutes=5)
    desk.do(promise_call, NUMBER, by=mei, at=due, target=Target(ticket=ticket))
    later = desk.do(promise_call, NUMBER, by=mei, at=due + timedelta(hours=1), target=Target(ticket=ticket))
    promises = ticket.clocks.filter(metric="promise").order_by("instance")
    assert list(promises.values_list("state", flat=True)) == ["cancelled", "running"]
    assert promises.last().due_at == due + timedelta(hours=1)
    desk.do(call_off, later.pk, by=mei)
    assert promises.last().state == "cancelled"
