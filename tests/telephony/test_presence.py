"""Every row of the presence's state table, and the time slices."""

from datetime import timedelta

import pytest

from crmcore.actions import people, presence
from crmcore.models import AgentSegment, AuditEntry, User
from crmcore.models.presence import Chosen, SystemState
from tests.telephony.desk import Desk
from tests.telephony.invariants import segments_follow_one_another


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


def test_shift_begins_ready(desk: Desk, mei: User) -> None:
    row = desk.presence(mei)
    assert (row.chosen, row.system, row.device_ok) == (Chosen.AVAILABLE, SystemState.IDLE, True)


def test_choice_during_work_is_kept_for_afterwards_and_the_last_wins(desk: Desk, mei: User) -> None:
    call = desk.talk(desk.call())
    desk.do(presence.choose, mei, Chosen.AUX, aux_code="meal", by=mei)
    desk.do(presence.choose, mei, Chosen.OFFLINE, by=mei)
    row = desk.presence(mei)
    assert (row.chosen, row.system, row.next_chosen) == (Chosen.AVAILABLE, SystemState.ON_CONTACT, Chosen.OFFLINE)
    desk.hangs_up(call)
    desk.wait(60)
    assert (desk.presence(mei).chosen, desk.presence(mei).next_chosen) == (Chosen.OFFLINE, "")


def test_choosing_the_same_again_keeps_the_place(desk: Desk, mei: User) -> None:
    since = desk.presence(mei).idle_since
    desk.wait(30)
    desk.do(presence.choose, mei, Chosen.AVAILABLE, by=mei)
    assert desk.presence(mei).idle_since == since


def test_ready_again_after_not_responding(desk: Desk, mei: User) -> None:
    desk.call()
    desk.wait(20)
    desk.do(presence.choose, mei, Chosen.AVAILABLE, by=mei)
    assert desk.presence(mei).system == SystemState.IDLE


def test_supervisor_who_sets_a_state_is_audited(desk: Desk, mei: User) -> None:
    sun = people.create_user("sun", name="Sun", password=None, roles=["supervisor"], teams=[desk.team], by=None)
    desk.do(presence.choose, mei, Chosen.AUX, aux_code="meeting", by=sun)
    assert AuditEntry.objects.get(verb="presence.forced").actor == sun


def test_silent_screen_takes_an_idle_agent_offline(desk: Desk, mei: User) -> None:
    desk.at_screen.clear()
    desk.wait(9)
    assert desk.presence(mei).chosen == Chosen.AVAILABLE
    desk.wait(1)
    assert (desk.presence(mei).chosen, desk.presence(mei).system_reason) == (Chosen.OFFLINE, presence.DEVICE_LOST)


def test_screen_that_returns_restores_the_choice(desk: Desk, mei: User) -> None:
    desk.do(presence.choose, mei, Chosen.AUX, aux_code="meal", by=mei)
    desk.at_screen.clear()
    desk.wait(11)
    desk.at_screen.add(mei.pk)
    desk.wait(1)
    assert (desk.presence(mei).chosen, desk.presence(mei).aux_code) == (Chosen.AUX, "meal")


def test_screen_that_returns_next_morning_begins_no_shift(desk: Desk, mei: User) -> None:
    desk.at_screen.clear()
    desk.wait(11)
    desk.at_screen.add(mei.pk)
    desk.wait(8 * 3600)
    assert desk.presence(mei).chosen == Chosen.OFFLINE


def test_who_went_home_stays_offline_when_a_screen_appears(desk: Desk, mei: User) -> None:
    desk.do(presence.choose, mei, Chosen.OFFLINE, by=mei)
    desk.wait(1)
    assert desk.presence(mei).chosen == Chosen.OFFLINE


def test_screen_that_comes_back_in_time_changes_nothing(desk: Desk, mei: User) -> None:
    since = desk.presence(mei).idle_since
    desk.do(presence.device_lost, mei.pk)
    desk.wait(2)
    row = desk.presence(mei)
    assert (row.device_ok, row.idle_since) == (True, since)


def test_slices_cover_the_shift_without_gap_or_overlap(desk: Desk, mei: User) -> None:
    began = desk.presence(mei).state_since
    call = desk.talk(desk.call())
    desk.wait(30)
    desk.hangs_up(call)
    desk.wait(60)
    desk.do(presence.choose, mei, Chosen.AUX, aux_code="meal", by=mei)
    desk.wait(600)
    desk.do(presence.choose, mei, Chosen.OFFLINE, by=mei)
    segments_follow_one_another()
    slices = AgentSegment.objects.filter(user=mei)
    assert sum((s.ended_at - s.started_at for s in slices if s.ended_at), timedelta()) == desk.moment - began
    assert [s.system for s in slices.order_by("started_at", "pk")][:5] == [
        "idle",
        "reserved",
        "connecting",
        "on_contact",
        "wrapup",
    ]


def test_late_clock_never_turns_a_slice_around(desk: Desk, mei: User) -> None:
    desk.moment -= timedelta(seconds=5)
    desk.do(presence.choose, mei, Chosen.AUX, aux_code="meal", by=mei)
    segments_follow_one_another()
