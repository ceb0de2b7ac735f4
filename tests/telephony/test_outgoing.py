"""Calling customers: the agent first, then whoever was dialled, whatever the carrier says and in whatever order."""

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from pytest_django import Settings

from crmcore.actions import presence
from crmcore.actions.customers import create_contact
from crmcore.models import AuditEntry, Contact, ContactPoint, Outcome, User
from crmcore.models.presence import Chosen, SystemState
from telephony.actions.calls import hang_up
from telephony.actions.fold import fold
from telephony.actions.outgoing import Target, place_call
from telephony.actions.wrap_up import finish_wrap_up
from telephony.dial_rules import DialRefused, Refusal
from telephony.models import Call, Offer, PhoneLine
from telephony.providers import registry
from telephony.providers.base import CallerHungUp, LegJoined, Signal
from telephony.providers.dialling import CancelDial, Dial, DialFailed, Dialled, Ringing
from telephony.providers.simulated.callers import manners_of
from telephony.queries.dialling import route_to
from telephony.simulated_people import let_people_act
from telephony.states import CallOutcome, CallState, OfferEnd
from tests.telephony.carriers import QuietCarrier
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tickets.models import Interaction

NUMBER = "+8613800138000"


@pytest.fixture
def line(desk: Desk) -> PhoneLine:
    return PhoneLine.objects.create(name="Main", number="+862151008000", queue=desk.queue)


@pytest.fixture
def mei(desk: Desk, line: PhoneLine) -> User:
    return desk.new_agent("mei")


def dial(desk: Desk, agent: User, number: str = NUMBER, **target: Any) -> Call:
    call, _ = desk.do(place_call, number, by=agent, target=Target(**target))
    return call


def says(desk: Desk, call: Call, signal: type[Signal], token: str, **more: Any) -> Call:
    desk.do(
        fold,
        signal(provider=call.provider, provider_call_id=call.provider_call_id, token=f"{call.pk}:{token}", **more),
    )
    return desk.again(call)


def dialled(desk: Desk, agent: User, **target: Any) -> Call:
    """The agent is in the room and the carrier has been asked."""
    call = dial(desk, agent, **target)
    desk.joins(call, desk.agent_leg(call))
    return desk.again(call)


def dials() -> list[Dial]:
    return [command for command in QuietCarrier.sent if isinstance(command, Dial)]


def a_contact(number: str = NUMBER, **fields: Any) -> Contact:
    contact = create_contact(by=None, name="Zhang San", **fields)
    ContactPoint.objects.create(
        contact=contact, kind=ContactPoint.Kind.PHONE, raw=number, value=number, opted_out=False
    )
    return contact


def test_customer_is_dialled_only_when_the_agent_is_there(desk: Desk, mei: User, line: PhoneLine) -> None:
    call = dial(desk, mei)
    assert (call.state, call.direction, dials()) == (CallState.DIALING, "out", [])
    assert desk.presence(mei).system == SystemState.CONNECTING
    check(desk.moment)
    desk.joins(call, desk.agent_leg(call))
    [command] = dials()
    assert (command.number, command.caller_id) == (NUMBER, line.number)


def test_call_talks_when_the_customer_answers_and_wraps_up_as_any_other(desk: Desk, mei: User) -> None:
    call = dialled(desk, mei)
    call = says(desk, call, Ringing, "r")
    assert call.state == CallState.RINGING
    check(desk.moment)
    desk.joins(call)
    call = desk.again(call)
    assert (call.state, desk.presence(mei).system) == (CallState.TALKING, SystemState.ON_CONTACT)
    desk.wait(30)
    call = desk.hangs_up(call)
    assert (call.outcome, desk.presence(mei).system) == (CallOutcome.COMPLETED, SystemState.WRAPUP)
    assert desk.agent_leg(call).talk_seconds == 30
    check(desk.moment)


def test_note_of_the_call_becomes_an_interaction_outwards(desk: Desk, mei: User) -> None:
    contact = a_contact()
    call = dialled(desk, mei, contact=contact)
    assert call.contact == contact
    desk.joins(call)
    call = desk.hangs_up(call)
    outcome = Outcome.objects.create(code="done", name="Done", position=1, ticket_effect=Outcome.TicketEffect.NONE)
    desk.do(finish_wrap_up, desk.agent_leg(call).pk, by=mei, outcome=outcome, note="promised a quote")
    entry = Interaction.objects.get(contact=contact)
    assert (entry.direction, entry.body, entry.answered) == (Interaction.Direction.OUT, "promised a quote", True)


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [("busy", CallOutcome.BUSY), ("no_answer", CallOutcome.NO_ANSWER), ("failed", CallOutcome.FAILED)],
)
@pytest.mark.parametrize("chosen", [Chosen.AVAILABLE, Chosen.AUX])
def test_failure_returns_the_agent_to_what_was_chosen(
    desk: Desk, mei: User, reason: str, outcome: str, chosen: str
) -> None:
    desk.do(presence.choose, mei, chosen, aux_code="meal" if chosen == Chosen.AUX else "", by=mei)
    call = says(desk, dialled(desk, mei), DialFailed, "f", reason=reason)
    now = desk.presence(mei)
    assert (call.state, call.outcome) == (CallState.ENDED, outcome)
    assert (now.chosen, now.system, now.next_chosen) == (chosen, SystemState.IDLE, "")
    assert now.aux_code == ("meal" if chosen == Chosen.AUX else "")
    assert desk.last_offer(call).end_reason == OfferEnd.CANCELED
    check(desk.moment)


def test_failed_attempt_stands_in_the_history(desk: Desk, mei: User) -> None:
    contact = a_contact()
    says(desk, dialled(desk, mei, contact=contact), DialFailed, "f", reason="no_answer")
    entry = Interaction.objects.get(contact=contact)
    assert (entry.direction, entry.answered) == (Interaction.Direction.OUT, False)


def test_failed_call_keeps_the_place_among_the_longest_idle(desk: Desk, mei: User) -> None:
    before = desk.presence(mei).idle_since
    call = dialled(desk, mei)
    desk.wait(20)
    says(desk, call, DialFailed, "f", reason="busy")
    assert desk.presence(mei).idle_since == before


def test_asked_twice_it_is_one_call(desk: Desk, mei: User) -> None:
    first, second = dial(desk, mei), dial(desk, mei)
    assert first == second
    assert Call.objects.count() == Offer.objects.count() == 1


def test_agent_who_joins_again_does_not_dial_again(desk: Desk, mei: User) -> None:
    call = dialled(desk, mei)
    desk.joins(call, desk.agent_leg(call))
    says(desk, call, Ringing, "r")
    desk.joins(call, desk.agent_leg(call))
    assert len(dials()) == 1


def test_who_is_on_the_phone_calls_nobody_else(desk: Desk, mei: User) -> None:
    dial(desk, mei)
    with pytest.raises(DialRefused) as refused:
        dial(desk, mei, "+8613900139000")
    assert refused.value.refusal == Refusal.BUSY
    assert Call.objects.count() == 1


def test_who_is_being_rung_calls_nobody(desk: Desk, mei: User) -> None:
    desk.call("+8613700137000")
    with pytest.raises(DialRefused) as refused:
        dial(desk, mei)
    assert refused.value.refusal == Refusal.BUSY


def test_off_shift_nobody_calls(desk: Desk, mei: User) -> None:
    desk.do(presence.choose, mei, Chosen.OFFLINE, by=mei)
    with pytest.raises(DialRefused) as refused:
        dial(desk, mei)
    assert refused.value.refusal == Refusal.NOT_ON_SHIFT
    assert not Call.objects.exists()


def test_waiting_caller_is_not_offered_to_who_is_dialling(desk: Desk, mei: User) -> None:
    dial(desk, mei)
    waiting = desk.call("+8613700137000")
    assert waiting.state == CallState.QUEUED
    says(desk, Call.objects.get(direction="out"), DialFailed, "f", reason="busy")
    assert desk.again(waiting).state == CallState.OFFERING


@pytest.mark.parametrize("number", ["", "12", "anonymous", "10086", "not a number", "+999999999999999"])
def test_what_is_no_number_is_refused(desk: Desk, mei: User, number: str) -> None:
    with pytest.raises(DialRefused) as refused:
        dial(desk, mei, number)
    assert refused.value.refusal == Refusal.UNREADABLE


def test_own_lines_are_not_called(desk: Desk, mei: User, line: PhoneLine) -> None:
    with pytest.raises(DialRefused) as refused:
        dial(desk, mei, line.number)
    assert refused.value.refusal == Refusal.OWN_NUMBER


@pytest.mark.parametrize("written", [NUMBER, "138 0013 8000", "0086-138-0013-8000"])
def test_do_not_call_holds_however_the_number_is_written(desk: Desk, mei: User, written: str) -> None:
    a_contact()
    ContactPoint.objects.update(opted_out=True)
    with pytest.raises(DialRefused) as refused:
        dial(desk, mei, written)
    assert refused.value.refusal == Refusal.DO_NOT_CALL
    assert not Call.objects.exists() and desk.presence(mei).system == SystemState.IDLE


def test_customer_of_the_demo_never_reaches_a_real_carrier(desk: Desk, mei: User) -> None:
    a_contact(is_demo=True)
    assert dial(desk, mei).provider == "simulated"


@pytest.fixture
def no_carrier(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(registry.PROVIDERS, "dialling")


def test_where_a_carrier_is_set_up_nobody_else_pretends(desk: Desk, settings: Settings) -> None:
    settings.DEMO = True
    assert route_to(is_demo=False) is None


def test_without_a_carrier_that_dials_there_is_no_way(desk: Desk, settings: Settings, no_carrier: None) -> None:
    settings.DEMO = False
    assert route_to(is_demo=False) is None
    settings.DEMO = True
    route = route_to(is_demo=False)
    assert route is not None and route.provider == "simulated"


def test_customer_out_of_reach_is_not_called(desk: Desk, mei: User) -> None:
    customer = desk.do(presence.choose, mei, Chosen.AVAILABLE, by=mei).user
    customer.roles.clear()
    with pytest.raises(PermissionDenied):
        dial(desk, User.objects.get(pk=customer.pk))


def test_every_call_placed_is_audited(desk: Desk, mei: User) -> None:
    call = dial(desk, mei)
    entry = AuditEntry.objects.get(verb="call.placed")
    assert (entry.actor, entry.object_id, entry.detail["number"]) == (mei, str(call.pk), NUMBER)


def test_agent_whose_audio_never_comes_frees_himself(desk: Desk, mei: User) -> None:
    call = dial(desk, mei)
    desk.wait(9)
    assert (desk.again(call).outcome, dials()) == (CallOutcome.FAILED, [])
    assert desk.presence(mei).system == SystemState.IDLE
    check(desk.moment)


def test_agent_who_gives_up_while_it_rings_has_nothing_to_wrap_up(desk: Desk, mei: User) -> None:
    call = says(desk, dialled(desk, mei), Ringing, "r")
    desk.do(hang_up, call.pk, by=mei)
    assert (desk.again(call).outcome, desk.presence(mei).system) == (CallOutcome.CANCELED, SystemState.IDLE)
    check(desk.moment)


def test_nobody_answers_to_an_agent_who_is_gone(desk: Desk, mei: User) -> None:
    call = says(desk, dialled(desk, mei), Ringing, "r")
    desk.loses(call, desk.agent_leg(call))
    desk.wait(11)
    assert desk.again(call).state == CallState.ENDED
    check(desk.moment)


def test_agent_who_comes_back_in_time_talks(desk: Desk, mei: User) -> None:
    call = says(desk, dialled(desk, mei), Ringing, "r")
    desk.loses(call, desk.agent_leg(call))
    desk.joins(call)
    assert desk.again(call).state == CallState.RINGING
    desk.joins(call, desk.agent_leg(call))
    assert desk.again(call).state == CallState.TALKING


def test_silent_screen_ends_the_attempt(desk: Desk, mei: User) -> None:
    call = dialled(desk, mei)
    desk.at_screen.clear()
    desk.wait(11)
    assert desk.again(call).state == CallState.ENDED
    assert desk.presence(mei).chosen == Chosen.OFFLINE
    check(desk.moment)


def test_carrier_that_says_nothing_more_is_not_waited_for(desk: Desk, mei: User) -> None:
    call = says(desk, dialled(desk, mei), Ringing, "r")
    desk.wait(61)
    assert (desk.again(call).outcome, desk.presence(mei).system) == (CallOutcome.NO_ANSWER, SystemState.IDLE)
    check(desk.moment)


def test_leg_that_comes_up_after_the_end_is_taken_down(desk: Desk, mei: User) -> None:
    call = dialled(desk, mei)
    desk.do(hang_up, call.pk, by=mei)
    says(desk, call, Dialled, "d", external_id="leg-7")
    assert [c.external_id for c in QuietCarrier.sent if isinstance(c, CancelDial)] == ["leg-7"]
    assert desk.again(call).outcome == CallOutcome.CANCELED


def test_agent_lost_in_the_talk_leaves_nobody_waiting_in_a_queue(desk: Desk, mei: User) -> None:
    call = dialled(desk, mei)
    desk.joins(call)
    desk.loses(call, desk.agent_leg(call))
    desk.wait(61)
    call = desk.again(call)
    assert (call.state, call.outcome) == (CallState.ENDED, CallOutcome.COMPLETED)
    check(desk.moment)


def test_customer_who_answers_and_hangs_up_first_was_talked_to(desk: Desk, mei: User) -> None:
    """The end overtakes the answer on its way to us."""
    call = says(desk, dialled(desk, mei), Ringing, "r")
    call = desk.hangs_up(call)
    assert (call.outcome, desk.presence(mei).system) == (CallOutcome.FAILED, SystemState.IDLE)
    desk.joins(call)
    call = desk.again(call)
    assert (call.outcome, call.answered_at is not None) == (CallOutcome.COMPLETED, True)
    assert desk.agent_leg(call).is_unclassified


def story(call: Call, ending: str) -> list[Callable[[], Signal]]:
    names: dict[str, Any] = {"provider": call.provider, "provider_call_id": call.provider_call_id}
    told: list[Signal] = [Dialled(**names, token="d", external_id="x"), Ringing(**names, token="r", external_id="x")]
    if ending == "answered":
        told += [LegJoined(**names, token="j", external_id="x"), CallerHungUp(**names, token="h")]
    else:
        told += [DialFailed(**names, token="f", reason=ending)]
    return [lambda signal=signal: signal for signal in told]  # type: ignore[misc]


@pytest.mark.parametrize("ending", ["answered", "busy", "no_answer"])
def test_any_order_and_repetition_end_alike(desk: Desk, mei: User, ending: str) -> None:
    call = dialled(desk, mei)
    results = set()
    for order in permutations(story(call, ending)):
        with transaction.atomic():
            for told in [*order, *order]:
                desk.do(fold, told())
            after = desk.again(call)
            check(desk.moment)
            results.add((after.state, after.outcome, after.hung_up_by, after.answered_at is not None))
            transaction.set_rollback(True)
    expected = {"answered": "completed"}.get(ending, ending)
    party = "customer" if ending == "answered" else "carrier"
    assert results == {(CallState.ENDED, expected, party, ending == "answered")}


def test_imaginary_customer_answers_talks_and_hangs_up(
    desk: Desk, mei: User, settings: Settings, no_carrier: None
) -> None:
    settings.DEMO = True
    number = next(number for n in range(10, 99) if manners_of(number := f"+86138001380{n}").ending == "answered")
    manners = manners_of(number)
    call = dial(desk, mei, number)
    desk.do(let_people_act)
    assert desk.again(call).state == CallState.RINGING
    desk.wait(manners.rings_s + 0.1)
    desk.do(let_people_act)
    assert desk.again(call).state == CallState.TALKING
    desk.wait(manners.talk_s + 0.1)
    desk.do(let_people_act)
    assert desk.again(call).outcome == CallOutcome.COMPLETED
    check(desk.moment)
