"""Wrap-up: note, outcome, ticket, and the agent's way back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from crmcore import models
from crmcore.actions import people, presence
from crmcore.models import Contact, Outcome, Queue, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.shipped_desk import install_desk
from telephony.actions.linking import link_call
from telephony.actions.transitions import MovedOn
from telephony.actions.wrap_up import (
    NoteConflict,
    extend_wrap_up,
    finish_wrap_up,
    force_finish_wrap_up,
    save_note,
)
from telephony.models import Call, CallLeg
from tests.telephony.desk import Desk
from tickets.models import Category, Interaction, Ticket


@pytest.fixture
def mei(desk: Desk) -> User:
    install_desk(models)
    return desk.new_agent("mei")


@pytest.fixture
def ended(desk: Desk, mei: User) -> Call:
    """A conversation of 30 seconds that the customer has just ended."""
    call = desk.talk(desk.call(queue=desk.queue))
    desk.wait(30)
    return desk.hangs_up(call)


def leg_of(desk: Desk, call: Call) -> CallLeg:
    return desk.agent_leg(call)


def finish(desk: Desk, call: Call, mei: User, code: str = "follow_up", **more: object) -> Call:
    desk.do(finish_wrap_up, leg_of(desk, call).pk, by=mei, outcome=Outcome.objects.get(code=code), **more)
    return desk.again(call)


def test_server_clock_runs_from_the_end_of_the_call(desk: Desk, mei: User, ended: Call) -> None:
    leg = leg_of(desk, ended)
    assert leg.wrap_up_started_at == desk.moment
    assert leg.wrap_up_deadline == desk.presence(mei).deadline == desk.moment + timedelta(seconds=60)


def test_note_becomes_the_interaction_of_a_new_ticket(desk: Desk, mei: User, ended: Call) -> None:
    desk.do(save_note, ended.pk, by=mei, text="Router reboots at night\nasked for logs", version=0)
    call = finish(desk, ended, mei)
    assert call.ticket is not None
    assert (call.ticket.subject, call.ticket.assignee, call.ticket.queue) == (
        "Router reboots at night",
        mei,
        desk.queue,
    )
    assert call.ticket.is_subject_internal
    entry = Interaction.objects.get(ticket=call.ticket, channel="call")
    assert (entry.body, entry.talk_seconds, entry.answered, entry.by) == (call.note, 30, True, mei)
    assert entry.occurred_at == call.queued_at


def test_agent_is_ready_again_at_once(desk: Desk, mei: User, ended: Call) -> None:
    finish(desk, ended, mei)
    assert desk.presence(mei).system == SystemState.IDLE


def test_next_call_rings_after_the_wrap_up(desk: Desk, mei: User, ended: Call) -> None:
    waiting = desk.call("+8613900139000", queue=desk.queue)
    finish(desk, ended, mei)
    assert desk.last_offer(waiting).agent == mei


def test_finishing_twice_is_finishing_once(desk: Desk, mei: User, ended: Call) -> None:
    finish(desk, ended, mei, note="first")
    finish(desk, ended, mei, code="solved", note="second")
    assert Ticket.objects.count() == 1
    assert Interaction.objects.filter(channel="call").count() == 1
    assert leg_of(desk, ended).outcome == Outcome.objects.get(code="follow_up")


def test_solving_outcome_solves_the_ticket(desk: Desk, mei: User, ended: Call) -> None:
    call = finish(desk, ended, mei, code="solved")
    assert call.ticket is not None and call.ticket.status.category == Category.SOLVED


def test_outcome_that_needs_no_ticket_opens_none(desk: Desk, mei: User, ended: Call) -> None:
    call = finish(desk, ended, mei, code="wrong_number", note="meant the bakery")
    assert call.ticket is None
    assert Interaction.objects.get(channel="call").ticket is None


def test_wish_expressed_during_work_is_applied(desk: Desk, mei: User, ended: Call) -> None:
    desk.do(presence.choose, mei, Chosen.AUX, aux_code="meal", by=mei)
    finish(desk, ended, mei)
    assert (desk.presence(mei).chosen, desk.presence(mei).aux_code) == (Chosen.AUX, "meal")


def test_not_ready_after_the_wrap_up(desk: Desk, mei: User, ended: Call) -> None:
    finish(desk, ended, mei, ready=False)
    assert desk.presence(mei).chosen == Chosen.AUX


def test_note_versions_guard_against_an_older_tab(desk: Desk, mei: User, ended: Call) -> None:
    assert desk.do(save_note, ended.pk, by=mei, text="one", version=0) == 1
    assert desk.do(save_note, ended.pk, by=mei, text="one", version=0) == 1
    with pytest.raises(NoteConflict) as conflict:
        desk.do(save_note, ended.pk, by=mei, text="two", version=0)
    assert (conflict.value.text, conflict.value.version) == ("one", 1)


def test_time_that_runs_out_keeps_the_text_and_asks_later(desk: Desk, mei: User, ended: Call) -> None:
    desk.do(save_note, ended.pk, by=mei, text="half a sent", version=0)
    desk.wait(60)
    leg = leg_of(desk, ended)
    assert leg.is_unclassified and leg.outcome == Outcome.objects.get(is_automatic=True)
    assert leg.interaction is not None and leg.interaction.body == "half a sent"
    assert desk.presence(mei).system == SystemState.IDLE


def test_unclassified_call_is_finished_later(desk: Desk, mei: User, ended: Call) -> None:
    desk.do(save_note, ended.pk, by=mei, text="half", version=0)
    desk.wait(60)
    call = finish(desk, ended, mei, note="half and the rest")
    assert not leg_of(desk, ended).is_unclassified
    assert call.ticket is not None
    assert Interaction.objects.get(ticket=call.ticket, channel="note").body == "half and the rest"


def test_nobody_is_made_ready_twice_in_a_row_unasked(desk: Desk, mei: User, ended: Call) -> None:
    desk.wait(60)
    call = desk.talk(desk.call("+8613900139000", queue=desk.queue))
    desk.hangs_up(call)
    desk.wait(60)
    assert desk.presence(mei).system == SystemState.NOT_RESPONDING


def test_more_time_moves_the_deadline_a_few_times(desk: Desk, mei: User, ended: Call) -> None:
    leg = leg_of(desk, ended)
    for extensions in range(1, 5):
        deadline = desk.do(extend_wrap_up, leg.pk, by=mei)
        assert deadline == desk.moment + timedelta(seconds=60 + 30 * extensions)
    with pytest.raises(MovedOn):
        desk.do(extend_wrap_up, leg.pk, by=mei)
    desk.wait(170)
    assert desk.presence(mei).system == SystemState.WRAPUP
    desk.wait(11)
    assert desk.presence(mei).system == SystemState.IDLE


def test_queue_without_wrap_up_frees_the_agent_at_once(desk: Desk, mei: User) -> None:
    Queue.objects.filter(pk=desk.queue.pk).update(wrap_up_mode=Queue.WrapUpMode.NONE)
    call = desk.talk(desk.call(queue=desk.queue))
    desk.hangs_up(call)
    assert desk.presence(mei).system == SystemState.IDLE
    assert leg_of(desk, call).interaction is not None


def test_supervisor_ends_a_forgotten_wrap_up(desk: Desk, mei: User, ended: Call) -> None:
    sun = people.create_user("sun", name="Sun", password=None, roles=["supervisor"], teams=[desk.team], by=None)
    assert desk.do(force_finish_wrap_up, mei, by=sun)
    assert desk.presence(mei).system == SystemState.IDLE
    assert leg_of(desk, ended).is_unclassified


def test_other_agent_cannot_finish_it(desk: Desk, mei: User, ended: Call) -> None:
    omar = desk.new_agent("omar")
    with pytest.raises(PermissionDenied):
        finish(desk, ended, omar)


def test_running_call_cannot_be_finished(desk: Desk, mei: User) -> None:
    call = desk.talk(desk.call(queue=desk.queue))
    with pytest.raises(MovedOn):
        finish(desk, call, mei)


def test_call_moved_to_another_customer_stands_in_his_history(desk: Desk, mei: User, ended: Call) -> None:
    finish(desk, ended, mei, code="wrong_number", note="it was her brother")
    brother = Contact.objects.create(name="Brother", created_at=desk.moment)
    desk.do(link_call, ended.pk, by=mei, contact=brother)
    assert Interaction.objects.get(contact=brother).body == "it was her brother"
    assert leg_of(desk, ended).interaction == Interaction.objects.get(contact=brother)


def test_call_moved_to_another_customer_leaves_the_former_one(desk: Desk, mei: User, ended: Call) -> None:
    sister, brother = (Contact.objects.create(name=name, created_at=desk.moment) for name in ("Sister", "Brother"))
    desk.do(link_call, ended.pk, by=mei, contact=sister)
    finish(desk, ended, mei, code="wrong_number", note="it was her brother")
    desk.do(link_call, ended.pk, by=mei, contact=brother)
    assert not Interaction.objects.filter(contact=sister)
    desk.do(link_call, ended.pk, by=mei, contact=sister)
    assert [entry.contact for entry in Interaction.objects.all()] == [sister]
    assert leg_of(desk, ended).interaction == Interaction.objects.get()


def test_ticket_says_that_its_call_was_moved(desk: Desk, mei: User, ended: Call) -> None:
    call = finish(desk, ended, mei, note="it was her brother")
    brother = Contact.objects.create(name="Brother", created_at=desk.moment)
    desk.do(link_call, ended.pk, by=mei, contact=brother)
    assert call.ticket is not None
    left = call.ticket.interactions.exclude(event="opened")
    assert [(entry.channel, entry.event) for entry in left][-1] == ("system", "withdrawn")
    assert not left.filter(channel="call")
    assert Interaction.objects.get(channel="call").contact == brother


def test_late_note_moves_along_with_its_call(desk: Desk, mei: User, ended: Call) -> None:
    desk.wait(61)
    finish(desk, ended, mei, code="wrong_number", note="written later")
    brother = Contact.objects.create(name="Brother", created_at=desk.moment)
    desk.do(link_call, ended.pk, by=mei, contact=brother)
    assert {entry.contact for entry in Interaction.objects.all()} == {brother}
    assert Interaction.objects.get(channel="call").body == "written later"


def test_an_outcome_does_not_end_a_ticket_amid_its_stages_and_the_wrap_up_goes_through(
    desk: Desk, mei: User, ended: Call
) -> None:
    code = Outcome.objects.filter(ticket_effect=Outcome.TicketEffect.SOLVE).values_list("code", flat=True)[0]
    call = finish(desk, ended, mei, code, type_code="property_complaint")
    assert call.ticket is not None
    assert (call.ticket.stage, call.ticket.is_active) == ("reception", True)
    assert leg_of(desk, call).wrap_up_ended_at is not None
