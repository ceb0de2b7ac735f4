"""Reports are lost: the desk finds out by itself who has left, within a minute."""

from collections.abc import Mapping

import pytest
from django.conf import settings

from crmcore.models import User
from telephony.actions.reconcile import reconcile
from telephony.states import CallOutcome, CallState, EndReason
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import Line
from tickets.actions.defaults import ensure_ticket_defaults

WITHIN_S = 60
BEAT_S = int(settings.CELERY_BEAT_SCHEDULE["telephony.reconcile"]["schedule"])


@pytest.fixture
def mei(desk: Desk) -> User:
    ensure_ticket_defaults()
    return desk.new_agent("mei")


@pytest.fixture
def deaf(make_line: MakeLine) -> Line:
    """A line on which nothing that was over is ever reported."""
    return make_line(lose=tells_of_an_end)


def tells_of_an_end(fields: Mapping[str, str]) -> bool:
    over = fields.get("CallStatus") == "completed"
    return over or fields.get("StatusCallbackEvent") in ("participant-leave", "conference-end")


def pass_time(line: Line, seconds: int) -> None:
    """The beat goes on meanwhile."""
    for _ in range(seconds // BEAT_S):
        line.desk.wait(BEAT_S)
        line.desk.do(reconcile)
        line.settle()


# Also when the carrier was asked a moment before, or is about to be.
@pytest.mark.parametrize("talked_s", [0, BEAT_S, 4 * BEAT_S, 5 * BEAT_S])
def test_lost_hang_up_is_healed_within_a_minute(deaf: Line, mei: User, talked_s: int) -> None:
    caller = deaf.ring()
    browser = deaf.talk(mei, caller)
    pass_time(deaf, talked_s)
    deaf.carrier.hang_up(caller)
    deaf.settle()
    assert deaf.call(caller).state == CallState.TALKING
    pass_time(deaf, WITHIN_S)
    call = deaf.call(caller)
    assert (call.state, call.outcome, call.end_reason) == (
        CallState.ENDED,
        CallOutcome.COMPLETED,
        EndReason.RECONCILED,
    )
    assert browser.is_over
    check(deaf.desk.moment)


def test_agent_whose_broken_line_nobody_reported_is_missed_within_a_minute(deaf: Line, mei: User) -> None:
    """The caller would stay alone in the room."""
    caller = deaf.ring()
    browser = deaf.talk(mei, caller)
    deaf.carrier.hang_up(browser)
    deaf.settle()
    pass_time(deaf, WITHIN_S)
    assert deaf.agent_legs(caller)[0].lost_at is not None
    pass_time(deaf, WITHIN_S)
    deaf.settle()
    assert deaf.call(caller).state != CallState.TALKING
    assert deaf.carrier.queue_of(caller) is not None


def test_agent_whose_coming_nobody_reported_is_not_left_in_the_room(make_line: MakeLine, mei: User) -> None:
    """The next agent would talk with the caller in somebody's hearing."""
    line = make_line(lose=lambda fields: fields.get("StatusCallbackEvent") == "participant-join")
    caller = line.ring()
    browser = line.talk(mei, caller)
    line.desk.wait(9)
    line.settle()
    assert line.call(caller).state == CallState.QUEUED
    assert browser.is_over
