"""Why no calls come: missed ones, pauses, a phone that does not work, a supervisor's word."""

from datetime import timedelta

import pytest

from crmcore.actions import people, presence
from crmcore.actions.answering import set_answering
from crmcore.models import AgentSegment, AnsweringPolicy, AuditEntry, Queue, User
from crmcore.models.presence import Chosen, PhoneFault, SystemState
from servicedesk.console.desk import desk_of
from telephony.actions import readiness
from telephony.actions.wrap_up import force_finish_wrap_up
from tests.telephony.desk import Desk
from tests.telephony.invariants import segments_follow_one_another


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


@pytest.fixture
def sun(desk: Desk) -> User:
    return people.create_user("sun", name="Sun", password=None, roles=["supervisor"], teams=[desk.team], by=None)


def allow_misses(misses: int, pause_s: int = 30) -> None:
    AnsweringPolicy.objects.create(pk=1, misses_allowed=misses, pause_after_miss_s=pause_s)


def miss(desk: Desk) -> None:
    """The call that rings runs out of time."""
    desk.wait(20)


def test_desk_that_set_nothing_allows_one_miss(desk: Desk, mei: User) -> None:
    desk.call()
    miss(desk)
    assert desk.presence(mei).system == SystemState.NOT_RESPONDING


def test_misses_are_forgiven_up_to_the_desks_limit(desk: Desk, mei: User) -> None:
    allow_misses(2)
    desk.call()
    miss(desk)
    assert desk.presence(mei).system == SystemState.IDLE
    desk.wait(31)
    miss(desk)
    assert (desk.presence(mei).system, desk.presence(mei).missed_in_row) == (SystemState.NOT_RESPONDING, 2)


def test_no_call_rings_during_the_pause_after_a_miss(desk: Desk, mei: User) -> None:
    allow_misses(3, pause_s=60)
    desk.call()
    miss(desk)
    other = desk.call("+8613900139000")
    desk.wait(59)
    assert desk.offer(other) is None
    desk.wait(2)
    assert desk.presence(mei).system == SystemState.RESERVED


def test_answered_call_forgives_earlier_misses(desk: Desk, mei: User) -> None:
    allow_misses(2, pause_s=0)
    first = desk.call()
    miss(desk)
    desk.hangs_up(first)
    desk.wait(1)
    desk.talk(desk.call("+8613900139000"))
    assert desk.presence(mei).missed_in_row == 0


def test_setting_the_rule_is_audited(desk: Desk) -> None:
    ada = people.create_user("ada", name="Ada", password=None, roles=["admin"], teams=[desk.team], by=None)
    set_answering(misses_allowed=3, pause_after_miss_s=10, by=ada)
    assert AnsweringPolicy.current().misses_allowed == 3
    assert AuditEntry.objects.get(verb="answering.changed").detail["misses_allowed"] == 3


def test_refused_microphone_keeps_calls_away(desk: Desk, mei: User) -> None:
    desk.do(readiness.report_phone, mei, PhoneFault.MICROPHONE)
    call = desk.call()
    desk.wait(5)
    assert desk.offer(call) is None


def test_sound_phone_brings_the_waiting_call_at_once(desk: Desk, mei: User) -> None:
    desk.do(readiness.report_phone, mei, PhoneFault.UNREGISTERED)
    call = desk.call()
    desk.do(readiness.report_phone, mei, "")
    assert desk.last_offer(call).agent == mei


def test_fault_between_choice_and_offer_is_seen_under_the_lock(desk: Desk, mei: User) -> None:
    desk.do(presence.report_phone, mei.pk, PhoneFault.MICROPHONE)
    assert not desk.do(presence.reserve, mei.pk, until=desk.moment + timedelta(seconds=20))


def test_fault_during_a_call_ends_nothing(desk: Desk, mei: User) -> None:
    desk.talk(desk.call())
    desk.do(readiness.report_phone, mei, PhoneFault.MICROPHONE)
    assert desk.presence(mei).system == SystemState.ON_CONTACT


def test_fault_reported_twice_is_no_news(desk: Desk, mei: User) -> None:
    assert desk.do(presence.report_phone, mei.pk, PhoneFault.MICROPHONE)
    assert not desk.do(presence.report_phone, mei.pk, PhoneFault.MICROPHONE)


def test_fault_cuts_no_slice(desk: Desk, mei: User) -> None:
    before = AgentSegment.objects.count()
    desk.do(readiness.report_phone, mei, PhoneFault.MICROPHONE)
    desk.do(readiness.report_phone, mei, "")
    assert AgentSegment.objects.count() == before
    segments_follow_one_another()


@pytest.mark.parametrize("chosen", [Chosen.AUX, Chosen.OFFLINE])
def test_forced_state_says_who_did_it_and_is_audited(desk: Desk, mei: User, sun: User, chosen: Chosen) -> None:
    desk.do(readiness.choose, mei, chosen, by=sun)
    row = desk.presence(mei)
    assert (row.chosen, row.changed_by) == (chosen, sun)
    assert AuditEntry.objects.get(verb="presence.forced").actor == sun


def test_own_choice_takes_the_supervisors_name_away(desk: Desk, mei: User, sun: User) -> None:
    desk.do(readiness.choose, mei, Chosen.AUX, by=sun)
    desk.do(readiness.choose, mei, Chosen.AVAILABLE, by=mei)
    assert desk.presence(mei).changed_by is None


def test_next_call_takes_the_supervisors_name_away(desk: Desk, mei: User, sun: User) -> None:
    desk.do(readiness.choose, mei, Chosen.AUX, by=sun)
    desk.do(readiness.choose, mei, Chosen.AVAILABLE, by=sun)
    desk.talk(desk.call())
    assert desk.presence(mei).changed_by is None


def test_forced_state_during_a_call_waits_and_is_shown(desk: Desk, mei: User, sun: User) -> None:
    call = desk.talk(desk.call())
    desk.do(readiness.choose, mei, Chosen.OFFLINE, by=sun)
    state = desk_of(mei)
    assert state.next_state is not None and state.next_state.icon == "icon:logout"
    assert desk.presence(mei).changed_by == sun
    desk.hangs_up(call)
    desk.wait(60)
    assert (desk.presence(mei).chosen, desk_of(mei).next_state) == (Chosen.OFFLINE, None)


def test_forced_end_of_a_wrap_up_says_who_did_it(desk: Desk, mei: User, sun: User) -> None:
    desk.hangs_up(desk.talk(desk.call(queue=desk.queue)))
    desk.do(force_finish_wrap_up, mei, by=sun)
    assert (desk.presence(mei).system, desk.presence(mei).changed_by) == (SystemState.IDLE, sun)


def test_forced_states_leave_slices_without_gap_or_overlap(desk: Desk, mei: User, sun: User) -> None:
    began = AgentSegment.objects.get(user=mei).started_at
    Queue.objects.filter(pk=desk.queue.pk).update(wrap_up_mode=Queue.WrapUpMode.MANDATORY)
    desk.do(readiness.choose, mei, Chosen.AUX, aux_code="meal", by=sun)
    desk.wait(60)
    desk.do(readiness.choose, mei, Chosen.AVAILABLE, by=sun)
    call = desk.talk(desk.call(queue=desk.queue))
    desk.do(readiness.choose, mei, Chosen.OFFLINE, by=sun)
    desk.wait(10)
    desk.hangs_up(call)
    desk.wait(300)
    desk.do(force_finish_wrap_up, mei, by=sun)
    segments_follow_one_another()
    slices = AgentSegment.objects.filter(user=mei)
    covered = sum((one.ended_at - one.started_at for one in slices if one.ended_at), timedelta())
    assert covered == desk.moment - began
