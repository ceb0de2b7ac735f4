"""Not responding: it lasts until the agent says otherwise, or as long as the desk has decided."""

from datetime import timedelta

import pytest

from crmcore.actions import presence
from crmcore.models import AnsweringPolicy, User
from crmcore.models.presence import Chosen, SystemState
from tests.telephony.desk import Desk
from tests.telephony.invariants import check, segments_follow_one_another


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


def miss(desk: Desk, agent: User) -> None:
    desk.call()
    desk.wait(21)
    assert desk.presence(agent).system == SystemState.NOT_RESPONDING


def test_it_lasts_unless_the_desk_says_otherwise(desk: Desk, mei: User) -> None:
    miss(desk, mei)
    desk.wait(3600)
    assert desk.presence(mei).system == SystemState.NOT_RESPONDING


def test_time_over_the_waiting_call_rings_at_once(desk: Desk, mei: User) -> None:
    AnsweringPolicy.objects.create(pk=1, ready_after_s=60)
    miss(desk, mei)
    desk.wait(59)
    assert desk.presence(mei).system == SystemState.NOT_RESPONDING
    desk.wait(2)
    assert desk.presence(mei).system == SystemState.RESERVED
    check(desk.moment)
    segments_follow_one_another()


def test_who_went_away_in_the_meantime_is_not_made_ready(desk: Desk, mei: User) -> None:
    AnsweringPolicy.objects.create(pk=1, ready_after_s=60)
    miss(desk, mei)
    desk.do(presence.choose, mei, Chosen.AUX, by=mei)
    desk.wait(61)
    assert (desk.presence(mei).chosen, desk.presence(mei).system) == (Chosen.AUX, SystemState.IDLE)


def test_second_sweeper_finds_nothing_to_do(desk: Desk, mei: User) -> None:
    AnsweringPolicy.objects.create(pk=1, ready_after_s=60)
    miss(desk, mei)
    desk.moment += timedelta(seconds=61)
    assert desk.do(presence.return_to_ready, mei.pk)
    assert not desk.do(presence.return_to_ready, mei.pk)
