"""Several in one conference at the carrier: consultation, handover, passing on, supervisors."""

import pytest

from crmcore.actions import people
from crmcore.models import User
from telephony.actions import consults, supervision, transfers
from telephony.actions.offers import accept_offer
from telephony.models import Call, Offer
from telephony.states import CallState, OfferState, Supervision
from tests.fake_carrier.state import FakeCall, Participant
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tests.telephony.twilio.line import Line


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


@pytest.fixture
def caller(line: Line, mei: User) -> FakeCall:
    """A caller in conversation with mei."""
    caller = line.ring()
    line.talk(mei, caller)
    return caller


def ask(desk: Desk, line: Line, call: Call, colleague: User, *, by: User) -> FakeCall:
    desk.do(consults.consult, call.pk, colleague, by=by)
    line.settle()
    offer = Offer.objects.get(agent=colleague, state=OfferState.PENDING)
    browser = line.carrier.connect_browser(f"a_{colleague.pk}", ticket=desk.do(accept_offer, offer.pk, by=colleague))
    line.settle()
    return browser


def in_room(line: Line, call: FakeCall) -> Participant:
    room = line.carrier.room_of(call)
    assert room is not None
    return room.participants[call.sid]


def test_caller_is_on_hold_at_the_carrier_while_a_colleague_is_asked(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    colleague = ask(desk, line, line.call(caller), desk.new_agent("lin"), by=mei)
    assert (in_room(line, caller).held, in_room(line, colleague).held) == (True, False)
    desk.do(consults.swap, line.call(caller).pk, by=mei)
    line.settle()
    assert (in_room(line, caller).held, in_room(line, colleague).held) == (False, True)
    desk.do(consults.merge, line.call(caller).pk, by=mei)
    line.settle()
    assert (in_room(line, caller).held, in_room(line, colleague).held) == (False, False)


def test_handover_leaves_caller_and_colleague_in_one_room(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    lin = desk.new_agent("lin")
    colleague = ask(desk, line, line.call(caller), lin, by=mei)
    desk.do(consults.complete, line.call(caller).pk, by=mei)
    line.settle()
    room = line.carrier.room_of(caller)
    assert room is not None and set(room.participants) == {caller.sid, colleague.sid}
    assert not in_room(line, caller).held
    call = line.call(caller)
    assert (call.agent, call.state) == (lin, CallState.TALKING)
    check(desk.moment)


def test_caller_passed_on_waits_at_the_carrier_until_the_next_agent_is_there(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    desk.do(transfers.transfer_to_queue, line.call(caller).pk, desk.new_queue("other"), by=mei)
    line.settle()
    assert line.carrier.queue_of(caller) is not None
    lin = desk.new_agent("lin", line.call(caller).queue or desk.queue)
    desk.wait(1)
    line.talk(lin, caller)
    assert line.call(caller).state == CallState.TALKING
    assert line.carrier.room_of(caller) is not None


@pytest.mark.parametrize(
    ("mode", "muted", "coaches"),
    [(Supervision.LISTEN, True, False), (Supervision.WHISPER, False, True), (Supervision.BARGE, False, False)],
)
def test_supervisor_comes_into_the_room_as_the_mode_says(
    desk: Desk, line: Line, mei: User, caller: FakeCall, mode: Supervision, muted: bool, coaches: bool
) -> None:
    anna = people.create_user("anna", name="Anna", password=None, roles=["supervisor"], teams=[desk.team], by=None)
    ticket = desk.do(supervision.supervise, line.call(caller).pk, mode, by=anna)
    browser = line.carrier.connect_browser(f"a_{anna.pk}", ticket=ticket)
    line.settle()
    who = in_room(line, browser)
    assert (who.muted, bool(who.coaches)) == (muted, coaches)
    desk.do(supervision.supervise, line.call(caller).pk, Supervision.BARGE, by=anna)
    line.settle()
    who = in_room(line, browser)
    assert (who.muted, who.coaches) == (False, "")
    check(desk.moment)
