"""A supervisor whispers to the agent's line of now, not to the one that broke."""

import pytest

from crmcore.actions import people
from crmcore.models import User
from telephony.actions import supervision
from telephony.actions.offers import rejoin_call
from telephony.states import Supervision
from tests.fake_carrier.state import FakeCall
from tests.telephony.desk import Desk
from tests.telephony.twilio.line import Line
from tickets.actions.defaults import ensure_ticket_defaults


@pytest.fixture
def mei(desk: Desk) -> User:
    ensure_ticket_defaults()
    return desk.new_agent("mei")


@pytest.fixture
def anna(desk: Desk) -> User:
    return people.create_user("anna", name="Anna", password=None, roles=["supervisor"], teams=[desk.team], by=None)


def whisper(line: Line, caller: FakeCall, anna: User) -> FakeCall:
    ticket = line.desk.do(supervision.supervise, line.call(caller).pk, Supervision.WHISPER, by=anna)
    browser = line.carrier.connect_browser(f"a_{anna.pk}", ticket=ticket)
    line.settle()
    return browser


def reload(line: Line, caller: FakeCall, mei: User) -> FakeCall:
    ticket = line.desk.do(rejoin_call, line.call(caller).pk, by=mei)
    browser = line.carrier.connect_browser(f"a_{mei.pk}", ticket=ticket)
    line.settle()
    return browser


def test_whisper_follows_the_agent_to_a_new_line(line: Line, mei: User, anna: User) -> None:
    caller = line.ring()
    first = line.talk(mei, caller)
    supervisor = whisper(line, caller, anna)
    line.carrier.hang_up(first)
    line.settle()
    second = reload(line, caller, mei)
    room = line.carrier.room_of(supervisor)
    assert room is not None and room.participants[supervisor.sid].coaches == second.sid


def test_supervisor_who_comes_while_the_agents_line_is_broken_waits_unheard(line: Line, mei: User, anna: User) -> None:
    caller = line.ring()
    line.carrier.hang_up(line.talk(mei, caller))
    line.settle()
    supervisor = whisper(line, caller, anna)
    room = line.carrier.room_of(supervisor)
    assert room is not None and room.participants[supervisor.sid].muted
    second = reload(line, caller, mei)
    assert (room.participants[supervisor.sid].muted, room.participants[supervisor.sid].coaches) == (False, second.sid)


def test_late_report_of_an_older_line_does_not_bring_it_back(line: Line, mei: User) -> None:
    caller = line.ring()
    late: list[object] = []
    send, line.carrier.post.send = line.carrier.post.send, lambda url, fields: late.append((url, fields))  # type: ignore[method-assign]
    first = line.accept(mei, caller)
    line.settle()
    assert first is not None
    line.carrier.post.send = send  # type: ignore[method-assign]
    line.carrier.hang_up(first)
    line.desk.wait(1)
    second = reload(line, caller, mei)
    for url, fields in late:  # type: ignore[misc]
        line.carrier.post.send(url, fields)
    line.settle()
    assert line.agent_legs(caller)[0].external_id.endswith(second.sid)
