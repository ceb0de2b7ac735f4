"""Callers of the public network leave messages; each becomes one ticket with its sound."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from crmcore import clock
from crmcore.actions import people
from crmcore.models import AuditEntry, User
from telephony.actions.retention import delete_expired
from telephony.models import CallFlow, FlowVersion, PhoneLine, RetentionPolicy, Voicemail
from telephony.states import CallOutcome
from tests.fake_carrier.state import FakeCall
from tests.telephony.desk import Desk
from tests.telephony.flows.trees import says, tree
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import Line
from tickets.actions.defaults import ensure_ticket_defaults
from tickets.models import Interaction, Ticket

TREE = tree("box", box={"kind": "voicemail", "queue": "", "prompt": says("Speak after the tone"), "longest_s": 60})


@pytest.fixture(autouse=True)
def flow(desk: Desk, recordings: Path) -> None:
    ensure_ticket_defaults()
    now = clock.now()
    made = CallFlow.objects.create(name="Night")
    FlowVersion.objects.create(flow=made, number=1, tree=TREE, changed_at=now, published_at=now)
    PhoneLine.objects.create(number="+862151008000", name="Main", queue=desk.queue, flow=made, language="en")


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


def leave(line: Line, seconds: int = 20) -> FakeCall:
    caller = line.ring()
    line.carrier.leave_message(caller, seconds)
    line.settle(everything=True)
    return caller


def listen(user: User, message: Voicemail) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/telephony/voicemails/{message.pk}/")


def test_message_becomes_a_ticket_in_the_queue(line: Line, desk: Desk) -> None:
    caller = leave(line)
    assert caller.heard[-1].startswith("Thank you.") and caller.is_over
    message = Voicemail.objects.get()
    assert message.ticket is not None and message.ticket.queue == desk.queue
    assert message.ticket.channel == Ticket.Channel.CALL
    assert line.call(caller).outcome == CallOutcome.VOICEMAIL
    entry = Interaction.objects.get(ticket=message.ticket, channel=Interaction.Channel.CALL)
    assert entry.detail == {"sound": f"/telephony/voicemails/{message.pk}/", "seconds": 20}


def test_sound_is_fetched_into_our_own_storage(line: Line, mei: User) -> None:
    leave(line, 33)
    message = Voicemail.objects.get()
    assert message.fetched_at is not None
    answer = listen(mei, message)
    assert (b"".join(answer.streaming_content), answer.headers["Content-Type"]) == (b"RIFF of 33 seconds", "audio/wav")
    assert AuditEntry.objects.filter(verb="voicemail.played", actor=mei).count() == 1


def test_message_is_closed_to_whom_its_ticket_is_closed(line: Line, desk: Desk) -> None:
    other = desk.new_agent("omar", desk.new_queue("other"), team=desk.do(people.create_team, "another", "Another"))
    leave(line)
    assert listen(other, Voicemail.objects.get()).status_code == 404
    assert Client().get("/telephony/voicemails/1/").status_code == 302


@pytest.mark.parametrize("seed", range(4))
def test_doubled_and_shuffled_webhooks_make_one_ticket(make_line: MakeLine, seed: int) -> None:
    line = make_line(seed=seed, copies=2, shuffled=True, late=0.5, first_late=0.5, names_events=bool(seed % 2))
    caller = leave(line)
    assert (Ticket.objects.count(), Voicemail.objects.count()) == (1, 1)
    assert Interaction.objects.filter(channel=Interaction.Channel.CALL).count() == 1
    assert line.call(caller).outcome == CallOutcome.VOICEMAIL


def test_sound_that_cannot_be_fetched_is_asked_for_again(line: Line, desk: Desk, mei: User) -> None:
    line.unreachable = True
    leave(line)
    message = Voicemail.objects.get()
    assert message.fetched_at is None
    assert listen(mei, message).status_code == 404
    line.unreachable = False
    desk.wait(10)
    assert Voicemail.objects.get().fetched_at is None
    desk.wait(15)
    assert Voicemail.objects.get().fetched_at is not None


def test_caller_who_hangs_up_without_a_word_leaves_nothing(line: Line) -> None:
    caller = line.ring()
    line.caller_hangs_up(caller)
    assert line.call(caller).outcome == CallOutcome.IVR_ABANDON
    assert not Ticket.objects.exists()


def test_message_goes_after_its_time_and_the_ticket_stays(line: Line, desk: Desk, recordings: Path, mei: User) -> None:
    RetentionPolicy.objects.create(pk=1, voicemail_days=3)
    leave(line)
    message = Voicemail.objects.get()
    desk.wait(3 * 86_400, tick=False)
    desk.do(delete_expired)
    assert Voicemail.objects.get().deleted_at is None
    desk.wait(2 * 86_400, tick=False)
    desk.do(delete_expired)
    message.refresh_from_db()
    assert (bool(message.file), [path for path in recordings.rglob("*") if path.is_file()]) == (False, [])
    assert message.ticket is not None
    assert listen(mei, message).status_code == 410
