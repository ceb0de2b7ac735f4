"""Recording: what a queue wants is recorded, in segments by agent and page, paused at most for two minutes."""

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from crmcore.models import AuditEntry, User
from telephony.actions import consults, recording_commands, transfers
from telephony.actions.offers import accept_offer
from telephony.actions.recording_notice import notice_told
from telephony.actions.recording_parts import LARGEST_PART, OnTape, Part, PartRefused, take_part, take_tape
from telephony.actions.transitions import MovedOn
from telephony.mixing import tape_of
from telephony.models import Call, Offer, Recording, RecordingNotice, RecordingPart, RecordingPause, RecordingPolicy
from telephony.providers.base import Voice
from telephony.queries.recording_notice import notice_due
from telephony.states import OfferState
from tests.telephony.desk import Desk

Mode, State = RecordingPolicy.Mode, Recording.State
PAGE, NEW_PAGE = "page-1", "page-2"


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def mei(desk: Desk) -> User:
    return desk.new_agent("mei")


def recorded(desk: Desk, mode: str = Mode.ALWAYS, **rules: Any) -> Call:
    """A call in conversation, in a queue with this policy."""
    RecordingPolicy.objects.create(queue=desk.queue, mode=mode, **rules)
    return desk.talk(desk.call(provider="taping"))


def rows(call: Call) -> list[tuple[int, str]]:
    return list(Recording.objects.filter(call=call).order_by("segment").values_list("segment", "state"))


def only(call: Call) -> Recording:
    return Recording.objects.get(call=call)


def tape(desk: Desk, call: Call, page: str = PAGE) -> OnTape | None:
    return desk.do(take_tape, call.pk, desk.agent_leg(call).pk, page)


def part(number: int, data: bytes = b"sound", **more: Any) -> Part:
    sha256 = more.pop("sha256", hashlib.sha256(data).hexdigest())
    return Part(number, data, sha256, more.pop("content_type", "audio/webm"), more.pop("elapsed_ms", 2000), **more)


def send(desk: Desk, recording: Recording, sent: Part, by: User) -> int:
    return desk.do(take_part, recording.pk, sent, by=by)


def test_every_conversation_of_such_a_queue_is_recorded(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    assert rows(call) == [(1, State.RECORDING)]
    assert only(call).agent == mei


def test_without_a_policy_nothing_is_recorded(desk: Desk, mei: User) -> None:
    assert rows(desk.talk(desk.call(provider="taping"))) == []


def test_carrier_that_cannot_record_has_no_recording(desk: Desk, mei: User) -> None:
    RecordingPolicy.objects.create(queue=desk.queue, mode=Mode.ALWAYS)
    assert rows(desk.talk(desk.call())) == []


def test_recording_ends_with_the_call(desk: Desk, mei: User) -> None:
    call = recorded(desk, retention_days=30)
    desk.hangs_up(call)
    row = only(call)
    assert (row.state, row.ended_at) == (State.FINISHED, desk.moment)
    assert row.delete_after == (desk.moment + timedelta(days=30)).date()


def test_on_demand_is_recorded_between_start_and_stop(desk: Desk, mei: User) -> None:
    call = recorded(desk, Mode.ON_DEMAND)
    assert rows(call) == []
    for _ in range(2):
        desk.do(recording_commands.start_recording, call.pk, by=mei)
    assert rows(call) == [(1, State.RECORDING)]
    for _ in range(2):
        desk.do(recording_commands.stop_recording, call.pk, by=mei)
    assert rows(call) == [(1, State.FINISHED)]
    verbs = AuditEntry.objects.filter(noun="recording").values_list("verb", flat=True)
    assert sorted(verbs) == ["recording.started", "recording.stopped"]


def test_agent_cannot_stop_what_is_always_recorded(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    with pytest.raises(MovedOn):
        desk.do(recording_commands.stop_recording, call.pk, by=mei)


def test_somebody_else_cannot_start_it(desk: Desk, mei: User) -> None:
    call = recorded(desk, Mode.ON_DEMAND)
    with pytest.raises(PermissionDenied):
        desk.do(recording_commands.start_recording, call.pk, by=desk.new_agent("lin"))


def test_caller_who_refused_is_not_recorded(desk: Desk, mei: User) -> None:
    RecordingPolicy.objects.create(queue=desk.queue, mode=Mode.ALWAYS, consent="may_refuse")
    call = desk.call(provider="taping")
    RecordingNotice.objects.create(call=call, told_at=desk.moment, answer="refused")
    assert rows(desk.talk(call)) == []


def test_where_consent_is_needed_silence_is_not_consent(desk: Desk, mei: User) -> None:
    assert rows(recorded(desk, consent="must_agree")) == []


def test_pause_for_payment_ends_by_itself_after_two_minutes(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    for _ in range(2):
        desk.do(recording_commands.pause_recording, call.pk, by=mei)
    assert rows(call) == [(1, State.PAUSED)]
    desk.wait(119)
    assert rows(call) == [(1, State.PAUSED)]
    desk.wait(1)
    assert rows(call) == [(1, State.RECORDING)]
    pause = RecordingPause.objects.get()
    assert (pause.by, pause.ended_by_itself, pause.seconds(desk.moment)) == (mei, True, 120)
    assert AuditEntry.objects.filter(verb="recording.resumed", actor=None).exists()


def test_pause_ends_by_hand(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    desk.do(recording_commands.pause_recording, call.pk, by=mei)
    desk.wait(20)
    for _ in range(2):
        desk.do(recording_commands.resume_recording, call.pk, by=mei)
    assert rows(call) == [(1, State.RECORDING)]
    assert RecordingPause.objects.get().ended_by_itself is False


def test_queue_may_forbid_pauses(desk: Desk, mei: User) -> None:
    call = recorded(desk, agents_may_pause=False)
    with pytest.raises(MovedOn):
        desk.do(recording_commands.pause_recording, call.pk, by=mei)


def test_end_of_the_call_ends_the_pause(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    desk.do(recording_commands.pause_recording, call.pk, by=mei)
    desk.hangs_up(call)
    assert RecordingPause.objects.get().ended_at == desk.moment


def test_colleague_who_takes_over_records_the_second_segment(desk: Desk, mei: User) -> None:
    call = recorded(desk, Mode.ON_DEMAND)
    desk.do(recording_commands.start_recording, call.pk, by=mei)
    lin = desk.new_agent("lin")
    desk.do(consults.consult, call.pk, lin, by=mei)
    desk.do(accept_offer, Offer.objects.get(agent=lin, state=OfferState.PENDING).pk, by=lin)
    desk.joins(call, call.legs.get(agent=lin))
    desk.do(consults.complete, call.pk, by=mei)
    assert rows(call) == [(1, State.FINISHED), (2, State.RECORDING)]
    assert list(call.recordings.order_by("segment").values_list("agent__username", flat=True)) == ["mei", "lin"]


def test_passed_on_to_a_queue_nothing_is_recorded_while_the_caller_waits(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    desk.do(transfers.transfer_to_queue, call.pk, desk.queue, by=mei)
    assert rows(call) == [(1, State.FINISHED)]


def test_page_that_was_loaded_anew_begins_a_segment_and_stays_paused(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    first = tape(desk, call)
    assert first is not None and tape(desk, call) == first
    send(desk, only(call), part(0), mei)
    desk.do(recording_commands.pause_recording, call.pk, by=mei)
    second = tape(desk, call, NEW_PAGE)
    assert second is not None and second.id != first.id and second.paused
    assert rows(call) == [(1, State.FINISHED), (2, State.PAUSED)]
    desk.wait(120)
    assert rows(call) == [(1, State.FINISHED), (2, State.RECORDING)]


def test_page_of_another_leg_records_nothing(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    assert desk.do(take_tape, call.pk, desk.customer_leg(call).pk, PAGE) is None


def test_parts_become_one_file(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    for number, data in enumerate([b"one ", b"two ", b"three"]):
        desk.moment += timedelta(seconds=2)
        assert send(desk, only(call), part(number, data, elapsed_ms=2000 * number + 2000), mei) == number + 1
    desk.hangs_up(call)
    desk.wait(15)
    row = only(call)
    assert row.file.read() == b"one two three"
    assert (row.state, row.size, row.duration_ms, row.content_type) == (State.FINISHED, 13, 6000, "audio/webm")
    assert not RecordingPart.objects.exists()


def test_last_part_is_put_away_at_once(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    send(desk, only(call), part(0, b"one "), mei)
    desk.hangs_up(call)
    send(desk, only(call), part(1, b"two", is_last=True), mei)
    assert only(call).file.read() == b"one two"


def test_part_that_comes_twice_counts_once(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    for _ in range(2):
        assert send(desk, only(call), part(0), mei) == 1
    assert RecordingPart.objects.count() == 1


def test_other_sound_under_the_same_number_is_refused(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    send(desk, only(call), part(0), mei)
    with pytest.raises(PartRefused, match="other"):
        send(desk, only(call), part(0, b"forged"), mei)


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        (part(1), "gap"),
        (part(0, sha256="0" * 64), "checksum"),
        (part(0, b""), "size"),
        (part(0, b"x" * (LARGEST_PART + 1)), "size"),
        (part(0, content_type="text/html"), "kind"),
    ],
)
def test_part_that_does_not_fit_is_refused(desk: Desk, mei: User, sent: Part, reason: str) -> None:
    call = recorded(desk)
    with pytest.raises(PartRefused, match=reason) as refused:
        send(desk, only(call), sent, mei)
    assert refused.value.next == 0


def test_nobody_else_sends_parts(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    with pytest.raises(PermissionDenied):
        send(desk, only(call), part(0), desk.new_agent("lin"))


def test_parts_that_waited_for_the_network_are_added_afterwards(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    send(desk, only(call), part(0, b"one "), mei)
    desk.hangs_up(call)
    desk.wait(15)
    assert only(call).file.read() == b"one "
    send(desk, only(call), part(1, b"two"), mei)
    desk.wait(3)
    assert only(call).file.read() == b"one two"
    assert send(desk, only(call), part(0, b"one "), mei) == 2


def test_recording_without_any_sound_is_lost_until_some_comes(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    desk.hangs_up(call)
    desk.wait(15)
    assert only(call).state == State.LOST
    send(desk, only(call), part(0, b"late"), mei)
    desk.wait(3)
    assert (only(call).state, only(call).file.read()) == (State.FINISHED, b"late")


def test_parts_are_refused_a_day_later(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    desk.hangs_up(call)
    desk.moment += timedelta(hours=25)
    with pytest.raises(PartRefused, match="late"):
        send(desk, only(call), part(0), mei)


def test_agent_who_is_gone_for_good_ends_the_recording(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    send(desk, only(call), part(0, b"one"), mei)
    desk.loses(call, desk.agent_leg(call))
    desk.wait(61)
    desk.wait(15)
    assert (only(call).state, only(call).file.read()) == (State.FINISHED, b"one")


CUSTOMER, AGENT, ASIDE = Voice(1, "customer"), Voice(2, "agent"), Voice(3, "consult")


@pytest.mark.parametrize(
    ("voices", "left", "right"),
    [
        ([CUSTOMER, AGENT], [2], [1]),
        ([Voice(1, "customer", is_held=True), AGENT], [], []),
        ([Voice(1, "customer", is_held=True), AGENT, ASIDE], [], []),
        ([CUSTOMER, AGENT, Voice(3, "consult", is_held=True)], [2], [1]),
        ([CUSTOMER, AGENT, ASIDE], [2], [1, 3]),
        ([CUSTOMER, AGENT, Voice(3, "supervisor", supervision="whisper")], [2], [1]),
        ([CUSTOMER, AGENT, Voice(3, "supervisor", supervision="listen")], [2], [1]),
        ([CUSTOMER, AGENT, Voice(3, "supervisor", supervision="barge")], [2], [1, 3]),
    ],
)
def test_recording_holds_what_the_customer_may_hear(voices: list[Voice], left: list[int], right: list[int]) -> None:
    assert tape_of(voices) == {"left": left, "right": right}


def answer(desk: Desk, call: Call, said: str) -> None:
    desk.do(notice_told, call.pk, answer=RecordingNotice.Answer(said))


def test_caller_who_refuses_in_mid_call_is_recorded_no_longer(desk: Desk, mei: User) -> None:
    call = recorded(desk, consent="may_refuse")
    answer(desk, call, "refused")
    assert rows(call) == [(1, State.FINISHED)]
    answer(desk, call, "agreed")
    assert rows(call) == [(1, State.FINISHED), (2, State.RECORDING)]


def test_answer_that_nobody_asked_for_changes_nothing(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    answer(desk, call, "refused")
    assert rows(call) == [(1, State.RECORDING)]


def test_every_recorded_call_bears_the_notice(desk: Desk, mei: User) -> None:
    call = recorded(desk)
    assert RecordingNotice.objects.get(call=call).told_at == desk.moment


def test_chinese_caller_is_told_in_chinese(desk: Desk, mei: User) -> None:
    RecordingPolicy.objects.create(
        queue=desk.queue, mode=Mode.ALWAYS, announcement="Hello", announcement_zh="通话将录音"
    )
    notice = notice_due(desk.call(provider="taping", language="zh-hans"))
    assert notice is not None and (notice.text, notice.language) == ("通话将录音", "zh-hans")


def upload(client: Client, recording: Recording, number: int, data: bytes = b"sound", **headers: str) -> Any:
    headers = {"X-Part-Sha256": hashlib.sha256(data).hexdigest(), "X-Part-Elapsed": "2000"} | headers
    return client.generic(
        "POST",
        f"/telephony/recordings/{recording.pk}/parts/{number}/",
        data,
        "audio/webm;codecs=opus",
        headers=headers,  # type: ignore[arg-type]
    )


def test_page_sends_parts_over_http(desk: Desk, mei: User, client: Client) -> None:
    row = only(recorded(desk))
    assert upload(client, row, 0).status_code == 302
    client.force_login(mei)
    answers = [upload(client, row, 0), upload(client, row, 0), upload(client, row, 2)]
    assert [(answer.status_code, answer.json()["next"]) for answer in answers] == [(200, 1), (200, 1), (409, 1)]
    assert upload(client, row, 1, b"x" * (LARGEST_PART + 1)).status_code == 413
    assert upload(client, row, 1, **{"X-Part-Sha256": "no"}).status_code == 400
    client.force_login(desk.new_agent("lin"))
    assert upload(client, row, 1).status_code == 403
    assert RecordingPart.objects.count() == 1
