"""Parked calls: music for the caller, no call for the parker, one who picks up, and nobody forgotten."""

import pytest
from django.core.exceptions import PermissionDenied

from crmcore.actions import people, presence
from crmcore.models import User
from crmcore.models.presence import Chosen, SystemState
from telephony.actions import consults, parking
from telephony.actions.calls import hang_up, hold_call
from telephony.actions.in_hand import Busy
from telephony.actions.offers import rejoin_call
from telephony.actions.transitions import MovedOn
from telephony.actions.wrap_up import save_note
from telephony.models import Call, MissedCall, ParkedCall, ProviderCommand, QueueEntry
from telephony.providers.base import DropLeg, ReturnCaller
from telephony.states import CallOutcome, CallState
from tests.telephony.carriers import QuietCarrier
from tests.telephony.desk import Desk
from tests.telephony.invariants import check


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


@pytest.fixture
def call(desk: Desk, mei: User) -> Call:
    """A call that mei has parked."""
    call = desk.talk(desk.call())
    desk.do(save_note, call.pk, by=mei, text="wants a refund", version=0)
    desk.do(parking.park, call.pk, by=mei)
    return desk.again(call)


@pytest.fixture
def lin(desk: Desk, call: Call) -> User:
    return desk.new_agent("lin")


def pick_up(desk: Desk, call: Call, by: User) -> Call:
    desk.do(parking.pick_up, call.pk, by=by)
    desk.joins(call, desk.agent_leg(call))
    desk.joins(call)
    return desk.again(call)


def stay(call: Call) -> ParkedCall:
    return ParkedCall.objects.filter(call=call).order_by("-pk")[0]


def test_parker_is_free_at_once_without_a_wrap_up(desk: Desk, mei: User, call: Call) -> None:
    assert (call.state, call.agent) == (CallState.PARKED, None)
    assert desk.presence(mei).system == SystemState.IDLE
    sent = [type(command) for command in QuietCarrier.sent]
    assert DropLeg in sent and sent[-1] == ReturnCaller
    check(desk.moment)


def test_parked_twice_it_is_parked_once(desk: Desk, mei: User, call: Call) -> None:
    desk.do(parking.park, call.pk, by=mei)
    assert ParkedCall.objects.count() == 1


def test_call_on_hold_can_be_parked(desk: Desk, mei: User) -> None:
    call = desk.talk(desk.call())
    desk.do(hold_call, call.pk, by=mei)
    desk.do(parking.park, call.pk, by=mei)
    assert not desk.customer_leg(call).is_held
    check(desk.moment)


def test_call_with_a_colleague_in_it_is_not_parked(desk: Desk, mei: User) -> None:
    call = desk.talk(desk.call())
    desk.do(consults.consult, call.pk, desk.new_agent("lin"), by=mei)
    with pytest.raises(MovedOn):
        desk.do(parking.park, call.pk, by=mei)


def test_somebody_elses_call_is_not_parked(desk: Desk, mei: User) -> None:
    call = desk.talk(desk.call())
    with pytest.raises(PermissionDenied):
        desk.do(parking.park, call.pk, by=desk.new_agent("lin"))


def test_parked_call_is_offered_to_nobody(desk: Desk, call: Call, lin: User) -> None:
    desk.wait(60)
    assert desk.offer(call) is None


def test_colleague_picks_it_up_with_its_note(desk: Desk, mei: User, call: Call, lin: User) -> None:
    call = pick_up(desk, call, lin)
    assert (call.state, call.agent, call.note) == (CallState.TALKING, lin, "wants a refund")
    assert (stay(call).left_as, stay(call).picked_up_by) == (ParkedCall.Left.PICKED_UP, lin)
    check(desk.moment)
    desk.do(hang_up, call.pk, by=lin)
    assert desk.presence(lin).system == SystemState.WRAPUP
    check(desk.moment)


def test_parker_picks_it_up_again(desk: Desk, mei: User, call: Call) -> None:
    assert pick_up(desk, call, mei).agent == mei
    check(desk.moment)


def test_two_pick_up_at_once_and_one_gets_it(desk: Desk, mei: User, call: Call, lin: User) -> None:
    desk.do(parking.pick_up, call.pk, by=lin)
    with pytest.raises(MovedOn):
        desk.do(parking.pick_up, call.pk, by=mei)
    assert desk.presence(mei).system == SystemState.IDLE
    check(desk.moment)


def test_picked_up_twice_it_is_the_same_seat(desk: Desk, call: Call, lin: User) -> None:
    desk.do(parking.pick_up, call.pk, by=lin)
    desk.do(parking.pick_up, call.pk, by=lin)
    desk.do(rejoin_call, call.pk, by=lin)
    assert call.legs.filter(agent=lin).count() == 1


def test_who_has_something_in_hand_picks_nothing_up(desk: Desk, call: Call, lin: User) -> None:
    desk.do(presence.occupy, lin.pk, until=desk.moment)
    with pytest.raises(Busy):
        desk.do(parking.pick_up, call.pk, by=lin)
    assert desk.again(call).state == CallState.PARKED


def test_agent_of_another_team_does_not_reach_it(desk: Desk, call: Call) -> None:
    stranger = desk.new_agent("omar", desk.new_queue("far"), team=people.create_team("far-team", "Far"))
    with pytest.raises(PermissionDenied):
        desk.do(parking.pick_up, call.pk, by=stranger)


def test_sound_that_does_not_come_leaves_it_parked(desk: Desk, call: Call, lin: User) -> None:
    until = call.state_deadline
    desk.do(parking.pick_up, call.pk, by=lin)
    desk.wait(9)
    call = desk.again(call)
    assert (call.state, call.state_deadline) == (CallState.PARKED, until)
    check(desk.moment)
    desk.do(presence.choose, lin, Chosen.AVAILABLE, by=lin)
    assert pick_up(desk, call, lin).state == CallState.TALKING


def test_caller_who_hangs_up_while_parked_is_missed_and_owes_the_parker_a_wrap_up(
    desk: Desk, mei: User, call: Call
) -> None:
    call = desk.hangs_up(call)
    assert (call.state, call.outcome) == (CallState.ENDED, CallOutcome.ABANDONED)
    assert stay(call).left_as == ParkedCall.Left.HUNG_UP
    assert desk.agent_leg(call).is_unclassified
    assert MissedCall.objects.get().call == call
    check(desk.moment)


def test_caller_who_hangs_up_while_it_is_picked_up_frees_the_agent(desk: Desk, call: Call, lin: User) -> None:
    desk.do(parking.pick_up, call.pk, by=lin)
    assert desk.hangs_up(call).state == CallState.ENDED
    assert desk.presence(lin).system == SystemState.IDLE
    assert stay(call).left_as == ParkedCall.Left.HUNG_UP
    check(desk.moment)


def test_time_over_it_rings_at_the_parker(desk: Desk, mei: User, call: Call, lin: User) -> None:
    desk.wait(121)
    offer = desk.offer(call)
    assert offer is not None and offer.agent == mei
    assert stay(call).left_as == ParkedCall.Left.RETURNED
    check(desk.moment)


def test_time_over_with_the_parker_gone_it_rings_at_somebody_else(desk: Desk, mei: User, call: Call, lin: User) -> None:
    desk.do(presence.choose, mei, Chosen.OFFLINE, by=mei)
    desk.wait(121)
    offer = desk.offer(call)
    assert offer is not None and offer.agent == lin
    check(desk.moment)


def test_time_over_with_nobody_there_it_waits_ahead_of_newcomers(desk: Desk, mei: User, call: Call) -> None:
    desk.do(presence.choose, mei, Chosen.OFFLINE, by=mei)
    desk.wait(121)
    newcomer = desk.call("+8613800138001")
    ranks = dict(QueueEntry.objects.filter(left_at=None).values_list("call_id", "rank"))
    assert ranks[call.pk] < ranks[newcomer.pk]
    desk.hangs_up(call)
    assert MissedCall.objects.filter(call=call).exists() and desk.agent_leg(call).is_unclassified
    check(desk.moment)


def test_time_over_while_somebody_picked_it_up_in_vain_it_comes_back_at_once(
    desk: Desk, mei: User, call: Call, lin: User
) -> None:
    desk.wait(115)
    desk.do(parking.pick_up, call.pk, by=lin)
    desk.wait(9)
    assert desk.again(call).state == CallState.PARKED
    check(desk.moment)
    desk.wait(1)
    offer = desk.offer(call)
    assert offer is not None and offer.agent == mei
    check(desk.moment)


def test_two_sweepers_return_it_once(desk: Desk, mei: User, call: Call) -> None:
    desk.wait(121)
    desk.wait(0)
    assert QueueEntry.objects.filter(call=call, left_at=None).count() == 1


def test_customer_whose_page_breaks_while_parked_is_given_time(desk: Desk, call: Call) -> None:
    desk.loses(call)
    desk.wait(10)
    desk.joins(call)
    desk.wait(31)
    assert desk.again(call).state == CallState.PARKED
    desk.loses(call)
    desk.wait(31)
    assert desk.again(call).state == CallState.ENDED
    check(desk.moment)


def test_command_to_let_the_caller_wait_is_not_lost_with_the_worker(
    desk: Desk, mei: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    call = desk.talk(desk.call())
    monkeypatch.setattr(QuietCarrier, "broken", True)
    desk.do(parking.park, call.pk, by=mei)
    monkeypatch.setattr(QuietCarrier, "broken", False)
    desk.wait(3)
    assert any(isinstance(command, ReturnCaller) for command in QuietCarrier.sent)
    assert not ProviderCommand.objects.filter(call=call, done_at=None)
