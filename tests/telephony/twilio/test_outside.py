"""Outside numbers in a call at the carrier: asked, brought in, left with the customer; busy, silent, lost, doubled."""

import pytest
from django.core.exceptions import PermissionDenied

from crmcore.models import Contact, ContactPoint, Grant, User
from crmcore.models.presence import SystemState
from telephony.actions import consults
from telephony.actions.calls import hang_up, resume_call
from telephony.actions.offers import accept_offer
from telephony.actions.outside import ask_outside
from telephony.actions.reconcile import reconcile
from telephony.actions.transitions import MovedOn
from telephony.dial_rules import DialRefused, Refusal
from telephony.models import CallLeg, DirectoryEntry, PhoneLine
from telephony.states import CallOutcome, CallState, LegKind, LegState, OutsideEnd, Party
from tests.fake_carrier.state import FakeCall, Participant
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import CUSTOMER, Line

PLUMBER = "+442079460123"
OUR_LINE = "+862151008000"
DISORDER = [{"copies": 2}, {"copies": 2, "shuffled": True}, {"copies": 2, "shuffled": True, "late": 0.5}]


@pytest.fixture
def mei(desk: Desk) -> User:
    PhoneLine.objects.create(number=OUR_LINE, name="Main", queue=desk.queue)
    return desk.new_agent("mei")


@pytest.fixture
def caller(line: Line, mei: User) -> FakeCall:
    return in_conversation(line, mei)


def in_conversation(line: Line, mei: User) -> FakeCall:
    caller = line.ring()
    line.talk(mei, caller)
    return caller


def ask(desk: Desk, line: Line, caller: FakeCall, mei: User, *, passes_on: bool = False) -> FakeCall:
    """The outside number is called and rings."""
    desk.do(ask_outside, line.call(caller).pk, PLUMBER, by=mei, passes_on=passes_on)
    line.settle()
    return ringing(line)


def ringing(line: Line) -> FakeCall:
    return next(call for call in line.carrier.calls.values() if call.to == PLUMBER)


def answer(line: Line, party: FakeCall) -> None:
    line.carrier.dialling.answer(party)
    line.settle(everything=True)


def in_room(line: Line, call: FakeCall) -> Participant:
    room = line.carrier.room_of(call)
    assert room is not None
    return room.participants[call.sid]


def outside_leg(line: Line, caller: FakeCall) -> CallLeg:
    return CallLeg.objects.get(call=line.call(caller), kind=LegKind.EXTERNAL)


def test_customer_hears_music_while_the_number_rings_and_is_asked(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    party = ask(desk, line, caller, mei)
    assert in_room(line, caller).held
    assert (party.from_, party.status) == (OUR_LINE, "ringing")
    answer(line, party)
    assert (in_room(line, caller).held, in_room(line, party).held) == (True, False)
    check(desk.moment)
    desk.do(consults.swap, line.call(caller).pk, by=mei)
    line.settle()
    assert (in_room(line, caller).held, in_room(line, party).held) == (False, True)
    desk.do(consults.merge, line.call(caller).pk, by=mei)
    line.settle()
    assert (in_room(line, caller).held, in_room(line, party).held) == (False, False)
    assert line.call(caller).state == CallState.TALKING


@pytest.mark.parametrize("disorder", DISORDER)
def test_call_passed_on_is_left_to_the_number_when_it_answers(
    desk: Desk, make_line: MakeLine, mei: User, disorder: dict[str, object]
) -> None:
    line = make_line(**disorder)
    caller = in_conversation(line, mei)
    party = ask(desk, line, caller, mei, passes_on=True)
    assert line.call(caller).state == CallState.CONSULTING
    answer(line, party)
    room = line.carrier.room_of(caller)
    assert room is not None and set(room.participants) == {caller.sid, party.sid}
    assert not in_room(line, caller).held
    assert line.call(caller).state == CallState.FORWARDED
    assert desk.presence(mei).system == SystemState.WRAPUP
    check(desk.moment)
    line.carrier.hang_up(party)
    line.settle(everything=True)
    call = line.call(caller)
    assert (call.state, call.outcome, call.hung_up_by) == (CallState.ENDED, CallOutcome.COMPLETED, Party.OUTSIDE)
    assert caller.is_over
    check(desk.moment)


@pytest.mark.parametrize("disorder", DISORDER)
@pytest.mark.parametrize(
    ("status", "told"),
    [("busy", OutsideEnd.BUSY), ("no-answer", OutsideEnd.NO_ANSWER), ("failed", OutsideEnd.FAILED)],
)
@pytest.mark.parametrize("passes_on", [False, True])
def test_agent_has_the_customer_back_when_nobody_is_reached(
    desk: Desk,
    make_line: MakeLine,
    mei: User,
    passes_on: bool,
    status: str,
    told: OutsideEnd,
    disorder: dict[str, object],
) -> None:
    line = make_line(**disorder)
    caller = in_conversation(line, mei)
    party = ask(desk, line, caller, mei, passes_on=passes_on)
    line.carrier.dialling.give_up(party, status)
    line.settle(everything=True)
    assert (line.call(caller).state, outside_leg(line, caller).ended_as) == (CallState.HELD, told)
    line.resume(mei, caller)
    line.settle(everything=True)
    assert not in_room(line, caller).held
    check(desk.moment)


def test_number_that_the_carrier_refuses_gives_the_customer_back(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    line.http.refuse["CreateParticipant"] = (400, 21215)
    desk.do(ask_outside, line.call(caller).pk, PLUMBER, by=mei)
    line.settle()
    assert (line.call(caller).state, outside_leg(line, caller).ended_as) == (CallState.HELD, OutsideEnd.FAILED)


def test_handover_after_asking_leaves_the_two_alone(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    party = ask(desk, line, caller, mei)
    answer(line, party)
    desk.do(consults.complete, line.call(caller).pk, by=mei)
    line.settle()
    room = line.carrier.room_of(caller)
    assert room is not None and set(room.participants) == {caller.sid, party.sid}
    assert line.call(caller).state == CallState.FORWARDED
    check(desk.moment)


def test_who_hands_over_to_an_outsider_leaves_a_colleague_the_call(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    lin = desk.new_agent("lin")
    call = line.call(caller)
    desk.do(consults.consult, call.pk, lin, by=mei)
    line.settle()
    offer = call.offers.get(agent=lin)
    line.carrier.connect_browser(f"a_{lin.pk}", ticket=desk.do(accept_offer, offer.pk, by=lin))
    line.settle()
    desk.do(consults.merge, call.pk, by=mei)
    line.settle()
    answer(line, ask(desk, line, caller, mei))
    desk.do(consults.complete, call.pk, by=mei)
    line.settle()
    call = line.call(caller)
    assert (call.state, call.agent) == (CallState.TALKING, lin)
    check(desk.moment)


@pytest.mark.parametrize("step", ["ringing", "asked", "merged", "passed on"])
def test_customer_who_hangs_up_ends_the_outside_call_at_every_step(
    desk: Desk, line: Line, mei: User, caller: FakeCall, step: str
) -> None:
    party = ask(desk, line, caller, mei, passes_on=step == "passed on")
    if step != "ringing":
        answer(line, party)
    if step == "merged":
        desk.do(consults.merge, line.call(caller).pk, by=mei)
        line.settle()
    line.caller_hangs_up(caller)
    line.settle()
    assert line.call(caller).state == CallState.ENDED
    assert party.is_over
    check(desk.moment)


def test_agent_who_calls_it_off_stops_the_ringing(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    party = ask(desk, line, caller, mei)
    desk.do(consults.cancel_consult, line.call(caller).pk, by=mei)
    line.settle()
    assert party.status == "canceled"
    assert (line.call(caller).state, in_room(line, caller).held) == (CallState.TALKING, False)
    assert outside_leg(line, caller).ended_as == ""


def test_number_called_off_before_the_carrier_knew_is_never_called(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    line.http.failures = [(503, 20500)] * 6
    desk.do(ask_outside, line.call(caller).pk, PLUMBER, by=mei)
    line.http.failures = []
    desk.do(consults.cancel_consult, line.call(caller).pk, by=mei)
    desk.wait(5)
    line.settle()
    assert not [call for call in line.carrier.calls.values() if call.to == PLUMBER]
    check(desk.moment)


def test_answer_that_crosses_the_calling_off_is_let_go(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    party = ask(desk, line, caller, mei)
    line.carrier.dialling.answer(party)
    desk.do(consults.cancel_consult, line.call(caller).pk, by=mei)
    line.settle()
    desk.wait(2)
    line.settle()
    assert party.is_over
    assert (line.call(caller).state, outside_leg(line, caller).state) == (CallState.TALKING, LegState.LEFT)


def test_asked_twice_it_is_called_once(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    ask(desk, line, caller, mei)
    desk.do(ask_outside, line.call(caller).pk, PLUMBER, by=mei)
    line.settle()
    assert len(line.asked("CreateParticipant")) == 1


def test_second_number_at_once_is_too_late(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    ask(desk, line, caller, mei)
    with pytest.raises(MovedOn):
        desk.do(ask_outside, line.call(caller).pk, "+442079460999", by=mei)


def test_lost_reports_of_the_outside_call_are_found_out(desk: Desk, make_line: MakeLine, mei: User) -> None:
    line = make_line(lose=lambda fields: fields.get("To") == PLUMBER or "outside" in fields.get("ParticipantLabel", ""))
    caller = in_conversation(line, mei)
    party = ask(desk, line, caller, mei, passes_on=True)
    answer(line, party)
    desk.wait(61)
    desk.do(reconcile)
    line.settle()
    assert line.call(caller).state == CallState.FORWARDED
    line.carrier.hang_up(party)
    line.settle()
    desk.wait(61)
    desk.do(reconcile)
    line.settle()
    assert line.call(caller).state == CallState.ENDED
    check(desk.moment)


def test_silence_at_the_carrier_gives_the_customer_back_in_the_end(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    ask(desk, line, caller, mei)
    desk.wait(121)
    assert (line.call(caller).state, outside_leg(line, caller).ended_as) == (CallState.HELD, OutsideEnd.NO_ANSWER)
    check(desk.moment)


def test_agent_who_vanishes_while_asking_returns_the_customer_to_the_queue(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    party = ask(desk, line, caller, mei)
    answer(line, party)
    browser = next(call for call in line.carrier.calls.values() if call.is_browser)
    line.carrier.hang_up(browser)
    line.settle()
    desk.at_screen.discard(mei.pk)
    desk.wait(61)
    line.settle()
    assert line.call(caller).state == CallState.QUEUED
    assert party.is_over
    check(desk.moment)


def test_agent_who_vanishes_from_a_conference_leaves_the_two_talking(
    desk: Desk, line: Line, mei: User, caller: FakeCall
) -> None:
    party = ask(desk, line, caller, mei)
    answer(line, party)
    desk.do(consults.merge, line.call(caller).pk, by=mei)
    line.settle()
    browser = next(call for call in line.carrier.calls.values() if call.is_browser)
    line.carrier.hang_up(browser)
    line.settle()
    desk.wait(61)
    line.settle()
    assert line.call(caller).state == CallState.FORWARDED
    assert not party.is_over and not caller.is_over
    check(desk.moment)


def test_agent_who_hangs_up_a_conference_ends_it_for_all(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    party = ask(desk, line, caller, mei)
    answer(line, party)
    desk.do(consults.merge, line.call(caller).pk, by=mei)
    line.settle()
    desk.do(hang_up, line.call(caller).pk, by=mei)
    line.settle()
    assert party.is_over and caller.is_over


def test_directory_gives_the_number_its_name(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    DirectoryEntry.objects.create(code="plumber", name="Plumber", number=PLUMBER)
    ask(desk, line, caller, mei)
    assert outside_leg(line, caller).who == "Plumber"


@pytest.mark.parametrize(
    ("number", "refusal"),
    [
        ("+8610086", Refusal.UNREADABLE),
        (OUR_LINE, Refusal.OWN_NUMBER),
        (CUSTOMER, Refusal.THE_CUSTOMER),
        ("+449098790000", Refusal.PREMIUM),
        ("+442079460111", Refusal.DO_NOT_CALL),
        ("+442079460222", Refusal.DEMO),
    ],
)
def test_some_numbers_are_never_called(
    desk: Desk, line: Line, mei: User, caller: FakeCall, number: str, refusal: Refusal
) -> None:
    contact, demo = (
        Contact.objects.create(name="No", created_at=desk.moment),
        Contact.objects.create(name="Demo", is_demo=True, created_at=desk.moment),
    )
    kind = ContactPoint.Kind.PHONE
    ContactPoint.objects.create(contact=contact, kind=kind, value="+442079460111", opted_out=True)
    ContactPoint.objects.create(contact=demo, kind=kind, value="+442079460222")
    with pytest.raises(DialRefused) as refused:
        desk.do(ask_outside, line.call(caller).pk, number, by=mei)
    assert refused.value.refusal == refusal
    assert line.call(caller).state == CallState.TALKING


def test_without_the_right_no_outside_number_is_called(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    Grant.objects.filter(noun="call", action="assign").delete()
    with pytest.raises(PermissionDenied):
        desk.do(ask_outside, line.call(caller).pk, PLUMBER, by=User.objects.get(pk=mei.pk))


def test_customer_back_from_music_can_be_spoken_to_at_once(desk: Desk, line: Line, mei: User, caller: FakeCall) -> None:
    party = ask(desk, line, caller, mei)
    answer(line, party)
    line.carrier.hang_up(party)
    line.settle()
    assert (line.call(caller).state, outside_leg(line, caller).ended_as) == (CallState.HELD, OutsideEnd.HUNG_UP)
    desk.do(resume_call, line.call(caller).pk, by=mei)
    line.settle()
    assert not in_room(line, caller).held
