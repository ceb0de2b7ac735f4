"""The question after a call: asked of callers who stay on the line, answered once, on the ticket as a survey."""

import pytest

from crmcore.actions import people
from crmcore.models import Contact, User
from telephony.actions.calls import hang_up
from telephony.actions.offers import accept_offer
from telephony.models import AfterCall, AfterCallRule, Call
from telephony.states import CallState, Party
from tests.fake_carrier.state import FakeCall
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import Line
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.actions.lifecycle import open_ticket
from tickets.actions.surveys import plan_survey
from tickets.models import Category, Survey, SurveyTemplate, Ticket, TicketStatus
from tickets.queries.wording import type_called

State = AfterCall.State
DISORDER = [{}, {"copies": 2}, {"copies": 2, "shuffled": True, "late": 0.5}]


@pytest.fixture
def mei(desk: Desk) -> User:
    ensure_ticket_defaults()
    return desk.new_agent("mei")


@pytest.fixture(autouse=True)
def rule(desk: Desk, mei: User) -> AfterCallRule:
    """The first queue asks how satisfied its callers are, each of them every time."""
    SurveyTemplate.objects.filter(code="csat").update(rest_days=0, low_steps=[], low_at=2)
    return AfterCallRule.objects.create(queue=desk.queue, template=SurveyTemplate.objects.get(code="csat"))


def spoken_to(line: Line, mei: User) -> FakeCall:
    """A caller whose agent has hung up."""
    caller = line.ring()
    line.talk(mei, caller)
    line.agent_hangs_up(mei, caller)
    return caller


def press(line: Line, caller: FakeCall, keys: str) -> None:
    line.carrier.press(caller, keys)
    line.settle(everything=True)


def ticket_for(desk: Desk, call: Call) -> Ticket:
    """The wrap-up puts the call on a ticket."""
    ticket = desk.do(
        open_ticket,
        by=None,
        subject="It drips",
        type=type_called("repair"),
        queue=desk.queue,
        account=None,
        contact=call.contact,
        channel=Ticket.Channel.CALL,
    )
    Call.objects.filter(pk=call.pk).update(ticket=ticket)
    return ticket


def asked(line: Line, caller: FakeCall) -> AfterCall:
    return AfterCall.objects.get(call=line.call(caller))


@pytest.mark.parametrize("disorder", DISORDER)
def test_caller_is_asked_when_the_agent_hangs_up_and_the_agent_is_free_of_the_call(
    desk: Desk, make_line: MakeLine, mei: User, disorder: dict[str, object]
) -> None:
    line = make_line(**disorder)
    caller = line.ring()
    browser = line.talk(mei, caller)
    line.agent_hangs_up(mei, caller)
    line.settle(everything=True)
    assert line.call(caller).state == CallState.ENDED
    assert "Press a key from 1" in caller.heard[-1]
    assert browser.is_over and not caller.is_over
    check(desk.moment)


@pytest.mark.parametrize("disorder", DISORDER)
def test_key_is_the_answer_once_and_the_caller_is_thanked(
    make_line: MakeLine, mei: User, disorder: dict[str, object]
) -> None:
    line = make_line(**disorder)
    caller = spoken_to(line, mei)
    press(line, caller, "4")
    row = asked(line, caller)
    assert (row.state, row.score, row.agent) == (State.ANSWERED, 4, mei)
    assert caller.heard[-1] == "Thank you for calling. Goodbye." and caller.is_over


@pytest.mark.parametrize(("first", "remark"), [("", "nothing reached us"), ("9", "not in use"), ("0", "not in use")])
def test_silence_and_wrong_keys_are_asked_once_more(line: Line, mei: User, first: str, remark: str) -> None:
    caller = spoken_to(line, mei)
    press(line, caller, first)
    assert remark in caller.heard[-1] and "Press a key from 1" in caller.heard[-1]
    press(line, caller, "5")
    assert asked(line, caller).score == 5


def test_after_the_second_silence_the_caller_is_thanked_and_let_go(line: Line, mei: User) -> None:
    caller = spoken_to(line, mei)
    press(line, caller, "")
    press(line, caller, "")
    assert asked(line, caller).state == State.SILENT
    assert caller.heard[-1] == "Thank you for calling. Goodbye." and caller.is_over


def test_key_of_an_earlier_turn_changes_nothing(line: Line, mei: User) -> None:
    caller = spoken_to(line, mei)
    press(line, caller, "")
    fields = line.carrier.fields_of(caller) | {"Digits": "1"}
    line.carrier.post.fetch(line.carrier._address("after-call") + "?turn=0", fields)
    press(line, caller, "5")
    assert asked(line, caller).score == 5


def test_answer_that_comes_again_with_another_key_changes_nothing(line: Line, mei: User) -> None:
    caller = spoken_to(line, mei)
    press(line, caller, "5")
    fields = line.carrier.fields_of(caller) | {"Digits": "1"}
    line.carrier.post.fetch(line.carrier._address("after-call") + "?turn=0", fields)
    assert asked(line, caller).score == 5


def test_caller_who_hangs_up_first_is_not_asked(line: Line, mei: User) -> None:
    caller = line.ring()
    line.talk(mei, caller)
    line.caller_hangs_up(caller)
    assert not AfterCall.objects.exists()


def test_caller_who_hangs_up_at_the_question_was_silent(desk: Desk, line: Line, mei: User) -> None:
    caller = spoken_to(line, mei)
    line.caller_hangs_up(caller)
    desk.wait(121)
    assert asked(line, caller).state == State.SILENT
    assert line.call(caller).hung_up_by == Party.AGENT


def test_call_that_a_supervisor_ends_is_not_asked_about(desk: Desk, line: Line, mei: User) -> None:
    caller = line.ring()
    line.talk(mei, caller)
    boss = people.create_user("boss", name="Boss", password=None, roles=["supervisor"], teams=[desk.team], by=None)
    desk.do(hang_up, line.call(caller).pk, by=boss)
    line.settle()
    assert not AfterCall.objects.exists() and caller.is_over


def test_queue_without_a_rule_asks_nobody(line: Line, mei: User, rule: AfterCallRule) -> None:
    rule.delete()
    caller = spoken_to(line, mei)
    assert caller.is_over and not AfterCall.objects.exists()


def test_question_comes_in_the_language_of_the_queue(desk: Desk, line: Line, mei: User) -> None:
    type(desk.queue).objects.filter(pk=desk.queue.pk).update(language="zh-hans")
    caller = spoken_to(line, mei)
    assert caller.asked is not None
    assert caller.asked.nested[0].attributes["language"] == "zh-CN"


def test_who_was_asked_lately_is_spared(line: Line, mei: User) -> None:
    SurveyTemplate.objects.update(rest_days=30)
    press(line, spoken_to(line, mei), "5")
    line.desk.wait(600)
    assert spoken_to(line, mei).is_over
    assert AfterCall.objects.count() == 1


def test_carrier_without_the_question_ends_calls_as_before(desk: Desk, mei: User) -> None:
    call = desk.talk(desk.call())
    desk.do(hang_up, call.pk, by=mei)
    assert not AfterCall.objects.exists()


def test_answer_becomes_a_survey_once_the_call_stands_on_a_ticket(desk: Desk, line: Line, mei: User) -> None:
    caller = spoken_to(line, mei)
    press(line, caller, "2")
    desk.wait(1)
    assert not Survey.objects.exists()
    ticket = ticket_for(desk, line.call(caller))
    for _ in range(2):
        desk.wait(1)
    survey = Survey.objects.get()
    assert (survey.ticket, survey.agent, survey.queue, survey.score) == (ticket, mei, desk.queue, 2)
    assert survey.answered_at == asked(line, caller).answered_at
    ticket.refresh_from_db()
    assert ticket.rating == 2


def test_silence_counts_as_asked_and_not_answered(desk: Desk, line: Line, mei: User) -> None:
    caller = spoken_to(line, mei)
    ticket_for(desk, line.call(caller))
    press(line, caller, "")
    press(line, caller, "")
    desk.wait(1)
    assert [(survey.state, survey.score) for survey in Survey.objects.all()] == [(Survey.State.EXPIRED, None)]


def test_two_calls_about_one_ticket_are_two_answers(desk: Desk, line: Line, mei: User) -> None:
    first = spoken_to(line, mei)
    press(line, first, "5")
    ticket = ticket_for(desk, line.call(first))
    desk.wait(600)
    second = spoken_to(line, mei)
    Call.objects.filter(pk=line.call(second).pk).update(ticket=ticket)
    press(line, second, "1")
    desk.wait(1)
    assert sorted(Survey.objects.values_list("score", flat=True)) == [1, 5]


def test_steps_for_low_scores_are_taken_once(desk: Desk, line: Line, mei: User) -> None:
    SurveyTemplate.objects.update(low_steps=[["priority", "urgent"]])
    caller = spoken_to(line, mei)
    press(line, caller, "1")
    ticket = ticket_for(desk, line.call(caller))
    desk.wait(1)
    ticket.refresh_from_db()
    assert ticket.priority == "urgent"


def test_question_about_the_ticket_itself_is_asked_all_the_same(desk: Desk, line: Line, mei: User) -> None:
    caller = spoken_to(line, mei)
    press(line, caller, "5")
    ticket = ticket_for(desk, line.call(caller))
    desk.wait(1)
    status = TicketStatus.objects.filter(category=Category.SOLVED).first()
    contact = Contact.objects.create(name="赵敏", created_at=desk.moment)
    Ticket.objects.filter(pk=ticket.pk).update(contact=contact, is_active=False, status=status)
    template = SurveyTemplate.objects.get(code="effort")
    assert desk.do(plan_survey, Ticket.objects.get(pk=ticket.pk), template, at=desk.moment)


def test_next_caller_reaches_the_agent_while_the_last_one_is_asked(desk: Desk, line: Line, mei: User) -> None:
    spoken_to(line, mei)
    desk.wait(120)
    offer = desk.offer(line.call(line.ring("+8613900139000")))
    assert offer is not None
    desk.do(accept_offer, offer.pk, by=mei)
