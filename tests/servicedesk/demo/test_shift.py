"""The demo's people on shift: to be seen, out of every call's reach, and left standing by the sweeper."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from crmcore import clock
from crmcore.models import AgentPresence, User
from crmcore.models.presence import Chosen
from crmcore.queries.presence import routable
from servicedesk.demo.shift import turn_shifts
from telephony.actions.sweep import sweep
from tests.servicedesk.demo.conftest import Loaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_loaded(demo: Loaded) -> Iterator[None]:
    """What a test changes is taken back for the others."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def on_shift() -> set[str]:
    return set(AgentPresence.objects.exclude(chosen=Chosen.OFFLINE).values_list("user__username", flat=True))


def test_some_agents_are_on_shift_and_nobody_as_whom_one_signs_in() -> None:
    assert len(on_shift()) >= 4
    assert not on_shift() & {"agent1", "agent2", "supervisor1", "admin1"}


def test_no_call_reaches_them(demo: Loaded) -> None:
    assert not routable(demo.now).exists()


def test_the_sweeper_lets_them_stand() -> None:
    before = on_shift()
    sweep()
    assert on_shift() == before


def test_each_turns_to_something_else_before_the_board_worries(demo: Loaded) -> None:
    with clock.at(demo.now + timedelta(minutes=19)):
        turn_shifts()
        assert all(one.state_since == clock.now() for one in AgentPresence.objects.exclude(chosen=Chosen.OFFLINE))


def test_who_opened_a_console_and_left_it_goes_offline(demo: Loaded) -> None:
    one = AgentPresence.objects.filter(chosen=Chosen.AUX).select_related("user").first()
    assert one is not None
    AgentPresence.objects.filter(pk=one.pk).update(last_seen_at=demo.now - timedelta(minutes=5))
    sweep()
    assert one.user.username not in on_shift()


def test_a_supervisor_cannot_make_one_ready_who_has_no_console() -> None:
    one = AgentPresence.objects.filter(chosen=Chosen.AUX).select_related("user").first()
    assert one is not None
    AgentPresence.objects.filter(pk=one.pk).update(chosen=Chosen.AVAILABLE)
    sweep()
    assert not User.objects.filter(presence=one.pk, presence__chosen=Chosen.AVAILABLE).exists()
