"""The page that says where recordings lie, and sets how long they are kept."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from crmcore import clock
from telephony.models import Call, Recording, RecordingPolicy, RetentionPolicy
from telephony.recordings_store import recordings_storage
from telephony.sealing import KeyRing
from telephony.states import CallOutcome, CallState
from tests.cast import Cast, make_cast

PAGE = "/settings/recordings/"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ada(cast: Cast, client: Client) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture
def recorded(cast: Cast, recordings: Path) -> Callable[[], Recording]:
    """Records a call of a hundred days ago."""

    def record() -> Recording:
        end = clock.now() - timedelta(days=100)
        call = Call.objects.create(
            provider="quiet", provider_call_id="old", state=CallState.ENDED, outcome=CallOutcome.COMPLETED,
            queue=cast.support_queue, started_at=end, ended_at=end, state_since=end, last_evidence_at=end,
        )  # fmt: skip
        made = Recording(
            call=call, source="browser", state="finished", started_at=end, ended_at=end, heard_at=end, size=2**20
        )
        made.file.save("one.webm", ContentFile(b"sound"))
        return made

    return record


def test_facts_say_how_much_and_where(ada: Client, recorded: Callable[[], Recording], recordings: Path) -> None:
    recorded()
    page = ada.get(PAGE).content.decode()
    assert str(recordings) in page and "1 recording" in page and "1.0 MB" in page


def test_missing_key_is_told_before_somebody_wants_to_listen(
    ada: Client, recorded: Callable[[], Recording], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recordings_storage(), "ring", KeyRing(["k" * 32]))
    recorded()
    assert "does not have" not in ada.get(PAGE).content.decode()
    monkeypatch.setattr(recordings_storage(), "ring", KeyRing([]))
    assert "does not have" in ada.get(PAGE).content.decode()


def test_days_of_desk_and_queue_are_kept(ada: Client, cast: Cast) -> None:
    own = f"queue_{cast.support_queue.pk}"
    assert ada.post(PAGE, {"recording_days": "90", "voicemail_days": "", own: "30"}).status_code == 302
    assert (RetentionPolicy.current().recording_days, RetentionPolicy.current().voicemail_days) == (90, None)
    assert RecordingPolicy.objects.get().retention_days == 30
    page = ada.get(PAGE).content.decode()
    assert 'value="90"' in page and 'value="30"' in page


def test_rule_that_deletes_at_once_is_asked_about(ada: Client, recorded: Callable[[], Recording]) -> None:
    recording = recorded()
    answer = ada.post(PAGE, {"recording_days": "9"})
    assert answer.status_code == 422 and 'name="is_sure"' in answer.content.decode()
    assert Recording.objects.get().delete_after is None
    assert ada.post(PAGE, {"recording_days": "9", "is_sure": "on"}).status_code == 302
    recording.refresh_from_db()
    assert recording.delete_after is not None


@pytest.mark.parametrize("typed", ["0", "-1", "soon", "99999999"])
def test_nonsense_is_refused_and_stays_in_the_field(ada: Client, typed: str) -> None:
    answer = ada.post(PAGE, {"recording_days": typed})
    assert answer.status_code == 422 and f'value="{typed}"' in answer.content.decode()


def test_page_is_closed_to_agents(cast: Cast, client: Client) -> None:
    client.force_login(cast.mei)
    assert client.get(PAGE).status_code == 403
