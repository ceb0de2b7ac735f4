"""Calling a customer by the carrier: the agent's browser pulls, then the customer is invited into the room."""

import pytest

from crmcore.actions import presence
from crmcore.models import User
from crmcore.models.presence import Chosen, SystemState
from telephony.actions.calls import hang_up, hold_call
from telephony.actions.offers import accept_offer
from telephony.actions.outgoing import place_call
from telephony.actions.reconcile import reconcile
from telephony.models import Call, PhoneLine
from telephony.states import CallOutcome, CallState, Party
from tests.fake_carrier.state import FakeCall
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import BASE_URL, CUSTOMER, Line


@pytest.fixture
def mei(desk: Desk) -> User:
    PhoneLine.objects.create(name="Main", number="+862151008000", queue=desk.queue)
    return desk.new_agent("mei")


def dial(line: Line, agent: User, *, connect: bool = True) -> Call:
    call, ticket = line.desk.do(place_call, CUSTOMER, by=agent)
    if connect:
        line.carrier.connect_browser(f"a_{agent.pk}", ticket=ticket)
        line.settle()
    return line.desk.again(call)


def customers(line: Line) -> list[FakeCall]:
    return [call for call in line.carrier.calls.values() if call.direction == "outbound-api"]


def answer(line: Line) -> FakeCall:
    [customer] = customers(line)
    line.carrier.dialling.answer(customer)
    line.settle()
    return customer


def test_customer_is_invited_into_the_agents_room(line: Line, desk: Desk, mei: User) -> None:
    call = dial(line, mei)
    assert call.state == CallState.RINGING
    [asked] = line.asked("CreateParticipant")
    assert asked == {
        "From": "+862151008000",
        "To": CUSTOMER,
        "Label": "caller",
        "Timeout": "40",
        "EarlyMedia": "true",
        "Beep": "false",
        "EndConferenceOnExit": "false",
        "StatusCallback": f"{BASE_URL}/telephony/twilio/placed/?call={call.public_id}",
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": "initiated ringing answered completed",
    }
    answer(line)
    assert desk.again(call).state == CallState.TALKING
    [room] = [room for room in line.carrier.rooms.values() if room.participants]
    assert len(room.participants) == 2
    check(desk.moment)


def test_nobody_is_called_before_the_agents_browser_is_there(line: Line, desk: Desk, mei: User) -> None:
    call = dial(line, mei, connect=False)
    desk.wait(9)
    line.settle()
    assert customers(line) == [] and desk.again(call).state == CallState.ENDED


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("busy", CallOutcome.BUSY), ("no-answer", CallOutcome.NO_ANSWER), ("failed", CallOutcome.FAILED)],
)
def test_who_is_not_reached_leaves_the_agent_free_and_the_room_empty(
    line: Line, desk: Desk, mei: User, status: str, outcome: str
) -> None:
    call = dial(line, mei)
    line.carrier.dialling.give_up(customers(line)[0], status)
    line.settle()
    assert desk.again(call).outcome == outcome
    assert desk.presence(mei).system == SystemState.IDLE
    assert not any(room.participants for room in line.carrier.rooms.values())


def test_agent_who_gives_up_stops_the_ringing(line: Line, desk: Desk, mei: User) -> None:
    call = dial(line, mei)
    desk.do(hang_up, call.pk, by=mei)
    line.settle()
    assert customers(line)[0].is_over
    assert desk.again(call).outcome == CallOutcome.CANCELED


def test_call_that_came_up_after_the_end_is_ended(line: Line, desk: Desk, mei: User) -> None:
    """The carrier had taken the order, but its answer was lost on the way to us."""
    call = dial(line, mei)
    [customer] = customers(line)
    desk.do(hang_up, call.pk, by=mei)
    [room] = line.carrier.rooms.values()
    room.status = "in-progress"
    again = line.carrier.invite(room, {"From": "+862151008000", "To": CUSTOMER, "Label": "caller"})
    again.callback = customer.callback
    line.carrier.dialling._report(again, "ringing")
    line.settle()
    assert again.is_over


def test_order_that_is_repeated_calls_once(line: Line, desk: Desk, mei: User) -> None:
    """The process died between the request and the note that it was sent."""
    call = dial(line, mei)
    call.commands.filter(step="dial").update(done_at=None, epoch=call.epoch)
    desk.wait(2)
    line.settle()
    assert len(customers(line)) == 1


def test_number_that_the_carrier_refuses_is_a_failed_call(line: Line, desk: Desk, mei: User) -> None:
    line.http.refuse = {"CreateParticipant": (400, 21211)}
    call = dial(line, mei)
    desk.wait(3)
    assert desk.again(call).outcome == CallOutcome.FAILED
    assert desk.presence(mei).system == SystemState.IDLE


def test_customer_is_held_by_the_carriers_own_name(line: Line, desk: Desk, mei: User) -> None:
    call = dial(line, mei)
    customer = answer(line)
    desk.do(hold_call, call.pk, by=mei)
    line.settle()
    assert any(music.startswith("hold:") for music in customer.heard)


def test_lost_hang_up_is_found_by_asking(make_line: MakeLine, desk: Desk, mei: User) -> None:
    line = make_line(lose=lambda fields: fields.get("CallStatus") == "completed" or "Reason" in str(fields))
    call = dial(line, mei)
    line.carrier.hang_up(answer(line))
    line.settle()
    assert desk.again(call).state == CallState.TALKING
    desk.moment = desk.moment.replace(minute=desk.moment.minute + 2)
    desk.do(reconcile)
    assert desk.again(call).state == CallState.ENDED


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("ending", ["customer", "agent", "busy"])
def test_disorder_changes_nothing(make_line: MakeLine, desk: Desk, mei: User, ending: str, seed: int) -> None:
    line = make_line(seed=seed, copies=2, shuffled=True, late=0.5, first_late=0.3)
    call = dial(line, mei)
    line.settle(everything=True)
    if ending == "busy":
        line.carrier.dialling.give_up(customers(line)[0], "busy")
    else:
        customer = answer(line)
        line.settle(everything=True)
        desk.wait(20)
        if ending == "customer":
            line.carrier.hang_up(customer)
        else:
            desk.do(hang_up, call.pk, by=mei)
    line.settle(everything=True)
    call = desk.again(call)
    assert call.outcome == (CallOutcome.BUSY if ending == "busy" else CallOutcome.COMPLETED)
    assert call.hung_up_by == {"customer": Party.CUSTOMER, "agent": Party.AGENT, "busy": Party.CARRIER}[ending]
    assert len(customers(line)) == 1
    check(desk.moment)


def test_waiting_caller_presses_a_key_and_is_called_back(line: Line, desk: Desk, mei: User) -> None:
    desk.do(presence.choose, mei, Chosen.AUX, by=mei)
    caller = line.ring()
    assert "press 1" in " ".join(caller.heard)
    line.carrier.press(caller, "1")
    line.settle()
    assert caller.is_over and "Goodbye" in " ".join(caller.heard)
    assert line.call(caller).outcome == CallOutcome.CALLBACK
    desk.do(presence.choose, mei, Chosen.AVAILABLE, by=mei)
    desk.wait(1)
    ours = Call.objects.get(direction="out")
    offer = desk.offer(ours)
    assert offer is not None
    ticket = desk.do(accept_offer, offer.pk, by=mei)
    line.carrier.connect_browser(f"a_{mei.pk}", ticket=ticket)
    line.settle()
    answer(line)
    assert desk.again(ours).state == CallState.TALKING
    check(desk.moment)


def test_any_other_key_keeps_waiting(line: Line, desk: Desk, mei: User) -> None:
    desk.do(presence.choose, mei, Chosen.AUX, by=mei)
    caller = line.ring()
    line.carrier.press(caller, "5")
    line.settle()
    assert line.call(caller).state == CallState.QUEUED
    assert line.carrier.queue_of(caller) is not None


def test_key_is_not_offered_where_nobody_could_call(line: Line, desk: Desk, mei: User) -> None:
    desk.do(presence.choose, mei, Chosen.AUX, by=mei)
    PhoneLine.objects.all().delete()
    caller = line.ring()
    assert "press 1" not in " ".join(caller.heard)
