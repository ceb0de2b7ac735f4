"""Parking at the carrier: the caller waits there with music and without promises, and meets whoever picks up."""

import pytest

from telephony.actions import parking
from telephony.states import CallState
from tests.telephony.desk import Desk
from tests.telephony.invariants import check
from tests.telephony.twilio.conftest import MakeLine


@pytest.mark.parametrize("disorder", [{}, {"copies": 2}, {"copies": 2, "shuffled": True, "late": 0.5}])
def test_parked_caller_hears_music_alone_and_meets_who_picks_up(
    desk: Desk, make_line: MakeLine, disorder: dict[str, object]
) -> None:
    mei, line = desk.new_agent("mei"), make_line(**disorder)
    caller = line.ring()
    line.talk(mei, caller)
    heard = len(caller.heard)
    desk.do(parking.park, line.call(caller).pk, by=mei)
    line.settle(everything=True)
    line.carrier.wait_round(caller)
    line.settle(everything=True)
    assert line.carrier.queue_of(caller) is not None
    assert {text for text in caller.heard[heard:] if not text.startswith("http")} == set()
    check(desk.moment)
    lin = desk.new_agent("lin")
    _call, ticket = desk.do(parking.pick_up, line.call(caller).pk, by=lin)
    browser = line.carrier.connect_browser(f"a_{lin.pk}", ticket=ticket)
    line.settle(everything=True)
    room = line.carrier.room_of(caller)
    assert room is not None and set(room.participants) == {caller.sid, browser.sid}
    assert (line.call(caller).state, line.call(caller).agent) == (CallState.TALKING, lin)
    check(desk.moment)


def test_caller_who_hangs_up_while_parked_is_gone_for_good(desk: Desk, make_line: MakeLine) -> None:
    mei, line = desk.new_agent("mei"), make_line(copies=2)
    caller = line.ring()
    line.talk(mei, caller)
    desk.do(parking.park, line.call(caller).pk, by=mei)
    line.settle()
    line.caller_hangs_up(caller)
    assert line.call(caller).state == CallState.ENDED
    check(desk.moment)
