"""Listening to a recording: whole, in parts, by whom, and on record."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crmcore.models import AuditEntry, User
from telephony.models import Recording
from telephony.recordings_store import recordings_storage
from telephony.sealing import KeyRing
from tests.cast import Cast
from tests.telephony.recordings.conftest import SOUND

SignIn = Callable[[User], Client]


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def address(recording: Recording) -> str:
    return f"/telephony/recordings/{recording.pk}/"


def test_whole_recording_says_that_parts_may_be_asked_for(sun: Client, recording: Recording) -> None:
    answer = sun.get(address(recording))
    assert (answer.status_code, body(answer)) == (200, SOUND)
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["Content-Length"] == str(len(SOUND))
    assert answer.headers["Content-Type"] == "audio/wav"


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-", 0, len(SOUND) - 1),
        ("bytes=0-3", 0, 3),
        ("bytes=70000-140000", 70_000, 140_000),
        ("bytes=200000-999999999", 200_000, len(SOUND) - 1),
        ("bytes=-4", len(SOUND) - 4, len(SOUND) - 1),
        ("bytes=-999999999", 0, len(SOUND) - 1),
    ],
)
@pytest.mark.parametrize("keys", [[], ["k" * 32]])
def test_part_is_sent_as_asked(
    cast: Cast, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, request: Any, keys: list[str], asked: str,
    first: int, last: int,
) -> None:  # fmt: skip
    monkeypatch.setattr(recordings_storage(), "ring", KeyRing(keys))
    recording = request.getfixturevalue("recording")
    answer = signed_in(cast.sun).get(address(recording), headers={"Range": asked})
    assert (answer.status_code, body(answer)) == (206, SOUND[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(SOUND)}"
    assert answer.headers["Content-Length"] == str(last + 1 - first)


@pytest.mark.parametrize("asked", ["bytes=999999999-", f"bytes={len(SOUND)}-", "bytes=-0"])
def test_part_beyond_the_end_is_416(sun: Client, recording: Recording, asked: str) -> None:
    answer = sun.get(address(recording), headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(SOUND)}"


@pytest.mark.parametrize("asked", ["bytes=9-2", "bytes=-", "lines=0-4", "bytes=0-1,5-9", "bytes=a-b", "bytes=٣-"])
def test_range_that_says_nothing_is_the_whole(sun: Client, recording: Recording, asked: str) -> None:
    answer = sun.get(address(recording), headers={"Range": asked})
    assert (answer.status_code, body(answer)) == (200, SOUND)


def test_range_of_another_version_is_the_whole(sun: Client, recording: Recording) -> None:
    etag = sun.head(address(recording)).headers["ETag"]
    same = sun.get(address(recording), headers={"Range": "bytes=0-3", "If-Range": etag})
    other = sun.get(address(recording), headers={"Range": "bytes=0-3", "If-Range": '"other"'})
    assert (same.status_code, other.status_code) == (206, 200)


def test_nobody_on_the_way_keeps_a_copy(sun: Client, recording: Recording) -> None:
    answer = sun.get(address(recording))
    assert {"no-store", "private"} <= {part.strip() for part in answer.headers["Cache-Control"].split(",")}
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Content-Disposition" not in answer.headers


def test_download_is_a_file_and_needs_its_own_right(cast: Cast, signed_in: SignIn, recording: Recording) -> None:
    answer = signed_in(cast.sun).get(address(recording) + "?download")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="recording-')
    assert answer.headers["Content-Disposition"].endswith('.wav"')
    assert signed_in(cast.mei).get(address(recording) + "?download").status_code == 403


def test_agent_hears_what_was_said_by_herself_alone(cast: Cast, signed_in: SignIn, recording: Recording) -> None:
    mei = signed_in(cast.mei)
    assert mei.get(address(recording)).status_code == 200
    Recording.objects.update(agent=cast.omar)
    assert mei.get(address(recording)).status_code == 404


@pytest.mark.parametrize("what", ["", "peaks/", "hold/", "delete/"])
def test_recording_is_closed_to_others(cast: Cast, signed_in: SignIn, recording: Recording, what: str) -> None:
    for user, expected in ((cast.omar, 404), (cast.zhao, 403)):
        client = signed_in(user)
        answer = client.post(address(recording) + what) if what else client.get(address(recording))
        assert answer.status_code == expected
    assert Client().get(address(recording)).status_code == 302
    assert not AuditEntry.objects.filter(noun="recording").exists()


def test_listening_is_on_record_once_however_many_parts_are_fetched(
    cast: Cast, sun: Client, recording: Recording
) -> None:
    for asked in ("bytes=0-", "bytes=100000-", "bytes=5-9"):
        sun.get(address(recording), headers={"Range": asked})
    entries = AuditEntry.objects.filter(noun="recording", object_id=str(recording.pk))
    assert [(entry.verb, entry.actor) for entry in entries] == [("recording.played", cast.sun)]


def test_part_from_the_middle_is_on_record_too(sun: Client, recording: Recording) -> None:
    sun.get(address(recording), headers={"Range": "bytes=100-"})
    assert AuditEntry.objects.filter(verb="recording.played").count() == 1


def test_every_listener_and_every_download_is_on_record(cast: Cast, signed_in: SignIn, recording: Recording) -> None:
    for user in (cast.sun, cast.mei):
        signed_in(user).get(address(recording))
    for _time in range(2):
        signed_in(cast.sun).get(address(recording) + "?download")
    assert AuditEntry.objects.filter(verb="recording.played").count() == 2
    assert AuditEntry.objects.filter(verb="recording.downloaded").count() == 2


def test_asking_how_long_it_is_is_no_listening(sun: Client, recording: Recording) -> None:
    assert sun.head(address(recording)).status_code == 200
    assert not AuditEntry.objects.filter(noun="recording").exists()


def test_without_the_key_the_desk_says_so(
    sun: Client, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(recordings_storage(), "ring", KeyRing(["k" * 32]))
    recording = request.getfixturevalue("recording")
    monkeypatch.setattr(recordings_storage(), "ring", KeyRing(["other" * 8]))
    answer = sun.get(address(recording))
    assert (answer.status_code, "key" in answer.json()["title"]) == (503, True)


def test_file_that_is_gone_is_404(sun: Client, recording: Recording) -> None:
    recording.file.storage.delete(str(recording.file))
    assert sun.get(address(recording)).status_code == 404


def test_first_wave_is_kept_and_nonsense_refused(sun: Client, recording: Recording) -> None:
    def send(text: str) -> int:
        return sun.post(address(recording) + "peaks/", text, content_type="application/json").status_code

    assert [send(text) for text in ("[[1,101]]", "[]", "{}", "[[]]", "[[1.5]]", "no", "[[1],[2],[3]]")] == [400] * 7
    assert [send("[[0,100,5],[1,2,3]]"), send("[[9]]")] == [204, 204]
    recording.refresh_from_db()
    assert recording.peaks == [[0, 100, 5], [1, 2, 3]]


def test_answer_without_a_body_says_how_long_it_would_be(sun: Client, recording: Recording) -> None:
    answer = sun.head(address(recording), headers={"Range": "bytes=0-9"})
    assert (answer.status_code, answer.headers["Content-Length"], answer.streaming) == (206, "10", False)
