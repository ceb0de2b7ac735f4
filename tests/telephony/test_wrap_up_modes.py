"""How a queue lets its agents finish: none, optional, mandatory, within a time, for a fixed time."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from crmcore import models
from crmcore.actions import people
from crmcore.models import AgentSegment, Outcome, Queue, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.shipped_desk import install_desk
from telephony.actions.transitions import MovedOn
from telephony.actions.wrap_up import OutcomeNeeded, extend_wrap_up, finish_wrap_up, force_finish_wrap_up
from telephony.models import Call, CallLeg
from tests.telephony.desk import Desk
from tests.telephony.invariants import segments_follow_one_another

Mode = Queue.WrapUpMode


@pytest.fixture
def mei(desk: Desk) -> User:
    install_desk(models)
    return desk.new_agent("mei")


def ended(desk: Desk, mode: Mode, **rules: object) -> Call:
    """A conversation that has just ended in a queue of this mode."""
    Queue.objects.filter(pk=desk.queue.pk).update(wrap_up_mode=mode, **rules)
    call = desk.talk(desk.call(queue=desk.queue))
    desk.wait(30)
    return desk.hangs_up(call)


def leg_of(desk: Desk, call: Call) -> CallLeg:
    return desk.agent_leg(call)


def finish(desk: Desk, call: Call, mei: User, code: str = "follow_up", **more: object) -> None:
    outcome = Outcome.objects.get(code=code) if code else None
    desk.do(finish_wrap_up, leg_of(desk, call).pk, by=mei, outcome=outcome, **more)


def system(desk: Desk, mei: User) -> str:
    return desk.presence(mei).system


def test_mandatory_wrap_up_is_ended_by_no_timer(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.MANDATORY)
    assert leg_of(desk, call).wrap_up_deadline is None
    desk.wait(3600)
    assert system(desk, mei) == SystemState.WRAPUP
    finish(desk, call, mei)
    assert system(desk, mei) == SystemState.IDLE


def test_mandatory_wrap_up_needs_an_outcome_even_where_none_is_required(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.MANDATORY, outcome_required=False)
    with pytest.raises(OutcomeNeeded):
        finish(desk, call, mei, code="")
    assert system(desk, mei) == SystemState.WRAPUP


def test_mandatory_wrap_up_has_nothing_to_extend(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.MANDATORY)
    with pytest.raises(MovedOn):
        desk.do(extend_wrap_up, leg_of(desk, call).pk, by=mei)


def test_mandatory_wrap_up_of_an_agent_who_went_home_ends_after_ten_minutes(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.MANDATORY)
    desk.at_screen.clear()
    desk.wait(590)
    assert system(desk, mei) == SystemState.WRAPUP
    desk.wait(20)
    desk.wait(1)
    assert leg_of(desk, call).is_unclassified
    assert desk.presence(mei).chosen == Chosen.OFFLINE


def test_supervisor_ends_a_mandatory_wrap_up(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.MANDATORY)
    sun = people.create_user("sun", name="Sun", password=None, roles=["supervisor"], teams=[desk.team], by=None)
    assert desk.do(force_finish_wrap_up, mei, by=sun)
    assert leg_of(desk, call).is_unclassified


def test_optional_wrap_up_ends_without_an_outcome(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.OPTIONAL)
    finish(desk, call, mei, code="")
    leg = leg_of(desk, call)
    assert (system(desk, mei), leg.outcome, leg.is_unclassified) == (SystemState.IDLE, None, False)


def test_optional_wrap_up_that_runs_out_owes_nothing(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.OPTIONAL)
    desk.wait(60)
    leg = leg_of(desk, call)
    assert leg.outcome is not None and leg.outcome.is_automatic
    assert not leg.is_unclassified


def test_timer_that_ends_writes_the_automatic_outcome_and_flags_it(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.TIMED)
    desk.wait(60)
    leg = leg_of(desk, call)
    assert leg.outcome is not None and leg.outcome.code == "timeout"
    assert leg.is_unclassified


def test_automatic_outcome_gives_way_to_the_chosen_one(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.TIMED)
    desk.wait(60)
    finish(desk, call, mei)
    leg = leg_of(desk, call)
    assert leg.outcome is not None and leg.outcome.code == "follow_up"
    assert not leg.is_unclassified


def test_automatic_outcome_is_not_to_be_chosen(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.TIMED)
    with pytest.raises(PermissionDenied):
        finish(desk, call, mei, code="timeout")


def test_timed_wrap_up_ends_early_without_an_outcome_only_where_none_is_required(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.TIMED)
    with pytest.raises(OutcomeNeeded):
        finish(desk, call, mei, code="")
    Queue.objects.filter(pk=desk.queue.pk).update(outcome_required=False)
    finish(desk, call, mei, code="")
    assert system(desk, mei) == SystemState.IDLE


def test_fixed_wrap_up_keeps_the_agent_until_the_time_is_over(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.FIXED)
    waiting = desk.call("+8613900139000", queue=desk.queue)
    finish(desk, call, mei)
    assert (system(desk, mei), desk.offer(waiting)) == (SystemState.WRAPUP, None)
    desk.wait(60)
    assert desk.last_offer(waiting).agent == mei
    leg = leg_of(desk, call)
    assert leg.outcome is not None and (leg.outcome.code, leg.is_unclassified) == ("follow_up", False)


def test_fixed_wrap_up_saved_twice_is_saved_once(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.FIXED)
    finish(desk, call, mei)
    finish(desk, call, mei, code="solved")
    leg = leg_of(desk, call)
    assert leg.outcome is not None and leg.outcome.code == "follow_up"


def test_who_finishes_a_fixed_wrap_up_not_ready_is_away_afterwards(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.FIXED)
    finish(desk, call, mei, ready=False)
    desk.wait(60)
    assert (desk.presence(mei).chosen, desk.presence(mei).aux_code) == (Chosen.AUX, "after_call")


def test_saved_fixed_wrap_ups_never_count_as_run_out(desk: Desk, mei: User) -> None:
    for number in ("+8613900139001", "+8613900139002"):
        Queue.objects.filter(pk=desk.queue.pk).update(wrap_up_mode=Mode.FIXED)
        call = desk.hangs_up(desk.talk(desk.call(number, queue=desk.queue)))
        finish(desk, call, mei)
        desk.wait(60)
    assert system(desk, mei) == SystemState.IDLE


def test_queue_limits_the_extensions(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.TIMED, wrap_up_extensions=1)
    leg = leg_of(desk, call)
    assert desk.do(extend_wrap_up, leg.pk, by=mei) == desk.moment + timedelta(seconds=90)
    with pytest.raises(MovedOn):
        desk.do(extend_wrap_up, leg.pk, by=mei)


def test_queue_may_allow_no_extension(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.FIXED, wrap_up_extensions=0)
    with pytest.raises(MovedOn):
        desk.do(extend_wrap_up, leg_of(desk, call).pk, by=mei)


def test_promise_takes_a_ticket_that_is_nobodys(desk: Desk, mei: User) -> None:
    call = ended(desk, Mode.TIMED)
    finish(desk, call, mei)
    ticket = desk.again(call).ticket
    assert ticket is not None and ticket.assignee == mei


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_leaves_slices_without_gap_or_overlap(desk: Desk, mei: User, mode: Mode) -> None:
    began = AgentSegment.objects.get(user=mei).started_at
    call = ended(desk, mode)
    desk.wait(10)
    if mode != Mode.NONE:
        finish(desk, call, mei)
    desk.wait(120)
    segments_follow_one_another()
    slices = AgentSegment.objects.filter(user=mei)
    covered = sum(((one.ended_at or desk.moment) - one.started_at for one in slices), timedelta())
    assert covered == desk.moment - began
