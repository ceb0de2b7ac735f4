"""Calls of the public network are recorded at the carrier, as the queue wants, and fetched from there once."""

import io
import wave
from array import array
from typing import Any

import pytest

from crmcore.models import User
from telephony.actions import consults, recording_commands
from telephony.actions.offers import accept_offer
from telephony.models import Offer, Recording, RecordingNotice, RecordingPolicy
from telephony.states import OfferState
from tests.fake_carrier.state import FakeCall
from tests.fake_carrier.tapes import CALLER_LEVEL, OTHERS_LEVEL
from tests.telephony.desk import Desk
from tests.telephony.twilio.conftest import MakeLine
from tests.telephony.twilio.line import Line

State = Recording.State


@pytest.fixture(autouse=True)
def policy(desk: Desk, settings: Any, tmp_path: Any) -> RecordingPolicy:
    settings.MEDIA_ROOT = tmp_path
    return RecordingPolicy.objects.create(queue=desk.queue, mode="always", announces=False)


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


def talking(line: Line, mei: User) -> FakeCall:
    caller = line.ring()
    line.talk(mei, caller)
    line.settle(everything=True)
    return caller


def sides(recording: Recording) -> tuple[int, int]:
    """The level of the first and the second channel."""
    with recording.file.open("rb") as file, wave.open(io.BytesIO(file.read())) as sound:
        samples = array("h", sound.readframes(1))
    return samples[0], samples[1]


def test_customers_call_is_recorded_on_two_channels(line: Line, mei: User) -> None:
    caller = talking(line, mei)
    tape = line.carrier.tapes.of(caller)[0]
    assert (tape.status, Recording.objects.get().reference) == ("in-progress", tape.sid)
    assert line.asked("CreateCallRecording")[0]["RecordingChannels"] == "dual"


def test_sound_is_fetched_with_the_agent_on_the_left_and_deleted_there(line: Line, mei: User) -> None:
    caller = talking(line, mei)
    line.caller_hangs_up(caller)
    row = Recording.objects.get()
    assert (row.state, row.duration_ms, row.content_type) == (State.FINISHED, 33_000, "audio/wav")
    assert sides(row) == (OTHERS_LEVEL, CALLER_LEVEL)
    assert line.carrier.recordings == {}


def test_pause_leaves_silence(desk: Desk, line: Line, mei: User) -> None:
    caller = talking(line, mei)
    desk.do(recording_commands.pause_recording, line.call(caller).pk, by=mei)
    assert line.carrier.tapes.of(caller)[0].status == "paused"
    assert line.asked("UpdateCallRecording")[-1] == {"Status": "paused", "PauseBehavior": "silence"}
    desk.wait(120)
    assert line.carrier.tapes.of(caller)[0].status == "in-progress"


def test_stop_and_start_on_demand_make_two_recordings(
    desk: Desk, line: Line, mei: User, policy: RecordingPolicy
) -> None:
    RecordingPolicy.objects.update(mode="on_demand")
    caller = talking(line, mei)
    assert line.carrier.tapes.of(caller) == []
    for command in ("start", "stop", "start"):
        desk.do(getattr(recording_commands, f"{command}_recording"), line.call(caller).pk, by=mei)
    line.settle(everything=True)
    assert [tape.status for tape in line.carrier.tapes.of(caller)] == ["in-progress", "completed"]
    line.caller_hangs_up(caller)
    assert [row.state for row in Recording.objects.order_by("segment")] == [State.FINISHED, State.FINISHED]
    assert all(row.file for row in Recording.objects.all())


def test_each_agent_has_a_recording_of_his_own(desk: Desk, line: Line, mei: User) -> None:
    caller, lin = talking(line, mei), desk.new_agent("lin")
    call = line.call(caller)
    desk.do(consults.consult, call.pk, lin, by=mei)
    line.settle()
    offer = Offer.objects.get(agent=lin, state=OfferState.PENDING)
    line.carrier.connect_browser(f"a_{lin.pk}", ticket=desk.do(accept_offer, offer.pk, by=lin))
    line.settle()
    desk.do(consults.complete, call.pk, by=mei)
    line.settle(everything=True)
    assert [tape.status for tape in line.carrier.tapes.of(caller)] == ["in-progress", "completed"]
    line.caller_hangs_up(caller)
    assert list(Recording.objects.order_by("segment").values_list("agent", flat=True)) == [mei.pk, lin.pk]


@pytest.mark.parametrize("seed", range(5))
def test_doubled_shuffled_and_late_callbacks_keep_one_sound(make_line: MakeLine, mei: User, seed: int) -> None:
    line = make_line(seed=seed, copies=2, shuffled=True, late=0.5, first_late=0.5, names_events=bool(seed % 2))
    caller = line.ring()
    line.talk(mei, caller)
    line.settle(everything=True)
    line.caller_hangs_up(caller)
    line.settle(everything=True)
    row = Recording.objects.get()
    assert (row.state, sides(row)) == (State.FINISHED, (OTHERS_LEVEL, CALLER_LEVEL))
    assert len(line.asked("CreateCallRecording")) == 1


def test_lost_callback_is_made_up_for(make_line: MakeLine, desk: Desk, mei: User) -> None:
    line = make_line(lose=lambda fields: "RecordingStatus" in fields)
    line.caller_hangs_up(talking(line, mei))
    assert Recording.objects.get().stored_at is None
    desk.wait(60)
    assert Recording.objects.get().stored_at is not None


def test_recording_that_never_came_about_is_lost(line: Line, mei: User) -> None:
    line.carrier.tapes.absent = True
    line.caller_hangs_up(talking(line, mei))
    assert (Recording.objects.get().state, Recording.objects.get().fetch_due_at) == (State.LOST, None)


def test_sound_that_cannot_be_fetched_is_asked_for_again(line: Line, desk: Desk, mei: User) -> None:
    caller = talking(line, mei)
    line.unreachable = True
    line.caller_hangs_up(caller)
    assert Recording.objects.get().stored_at is None
    desk.wait(21)
    line.unreachable = False
    desk.wait(30)
    assert Recording.objects.get().stored_at is not None


def test_carrier_that_is_out_of_order_is_told_again(line: Line, desk: Desk, mei: User) -> None:
    caller = line.ring()
    line.http.refuse["CreateCallRecording"] = (503, 20503)
    line.talk(mei, caller)
    assert line.carrier.tapes.of(caller) == []
    del line.http.refuse["CreateCallRecording"]
    desk.wait(3)
    assert [tape.status for tape in line.carrier.tapes.of(caller)] == ["in-progress"]


def test_recording_whose_answer_was_lost_is_not_begun_twice(line: Line, desk: Desk, mei: User) -> None:
    caller = talking(line, mei)
    Recording.objects.update(reference="", follow_due_at=desk.moment)
    desk.wait(3)
    assert len(line.carrier.tapes.made) == 1
    assert Recording.objects.get().reference == line.carrier.tapes.of(caller)[0].sid


def told(line: Line, **rules: Any) -> FakeCall:
    """A caller who has just begun to wait in a queue with such rules."""
    RecordingPolicy.objects.update(announces=True, **rules)
    return line.ring()


def test_waiting_caller_is_told_once(line: Line, mei: User) -> None:
    caller = told(line, announcement="We record calls.")
    line.carrier.wait_round(caller)
    line.settle()
    assert caller.heard.count("We record calls.") == 1
    assert any("Thank you for" in heard for heard in caller.heard)
    assert RecordingNotice.objects.get().is_asked is False


def test_caller_who_refuses_by_a_key_is_not_recorded(line: Line, mei: User) -> None:
    caller = told(line, consent="may_refuse")
    line.carrier.press(caller, "2")
    line.settle()
    line.talk(mei, caller)
    assert RecordingNotice.objects.get().answer == "refused"
    assert (line.carrier.tapes.made, Recording.objects.count()) == ([], 0)


@pytest.mark.parametrize(
    ("consent", "key", "recordings"), [("may_refuse", "", 1), ("must_agree", "", 0), ("must_agree", "1", 1)]
)
def test_silence_means_what_the_queue_says(line: Line, mei: User, consent: str, key: str, recordings: int) -> None:
    caller = told(line, consent=consent)
    line.carrier.press(caller, key)
    line.settle()
    line.talk(mei, caller)
    assert len(line.carrier.tapes.made) == recordings


def test_caller_who_is_connected_at_once_is_told_on_the_way(line: Line, mei: User) -> None:
    caller = told(line, announcement="We record calls.", consent="may_refuse")
    line.talk(mei, caller)
    assert "We record calls." in caller.heard
    assert RecordingNotice.objects.count() == 1


@pytest.mark.parametrize("seed", range(2))
def test_notice_is_told_in_all_disorder(make_line: MakeLine, mei: User, seed: int) -> None:
    line = make_line(seed=seed, copies=2, shuffled=True, late=0.5, first_late=0.5)
    caller = told(line, announcement="We record calls.")
    line.talk(mei, caller)
    line.settle(everything=True)
    assert "We record calls." in caller.heard
    assert RecordingNotice.objects.count() == 1


def test_unsigned_word_of_a_recording_is_refused(line: Line, mei: User) -> None:
    talking(line, mei)
    answer = line.client.post("/telephony/twilio/taped/?recording=1", {"RecordingSid": "RE" + "0" * 32})
    assert answer.status_code == 403
