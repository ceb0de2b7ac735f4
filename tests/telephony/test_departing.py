"""A leg's end is never before its join, however long the end waited for the lock."""

from datetime import timedelta

import pytest

from crmcore import clock
from telephony.actions.departing import depart
from telephony.models import CallLeg
from telephony.states import LegState


@pytest.mark.django_db
def test_end_that_waited_while_the_join_was_written_is_not_before_it() -> None:
    read_before_the_lock = clock.now()
    leg = CallLeg(joined_at=read_before_the_lock + timedelta(milliseconds=52))
    depart(leg, now=read_before_the_lock)
    assert (leg.state, leg.left_at) == (LegState.LEFT, leg.joined_at)


@pytest.mark.django_db
def test_end_of_a_leg_that_never_joined_is_when_it_ended() -> None:
    now, leg = clock.now(), CallLeg()
    depart(leg, now=now)
    assert leg.left_at == now
