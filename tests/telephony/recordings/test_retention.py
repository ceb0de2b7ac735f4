"""How long recordings are kept: the queue's rule, the desk's, a legal hold before both."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client

from crmcore import clock
from crmcore.models import AuditEntry, User
from telephony.actions import retention
from telephony.models import Call, Recording, RecordingPolicy, RetentionPolicy
from telephony.queries.retention import last_day_of_recording
from tests.cast import Cast

SignIn = Callable[[User], Client]


@pytest.fixture
def today(recording: Recording) -> date:
    return clock.now().date()


def kept_until(recording: Recording, day: date) -> None:
    Recording.objects.filter(pk=recording.pk).update(delete_after=day)


def files(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_after_its_last_day_the_file_goes_and_the_row_says_so(
    recording: Recording, recordings: Path, today: date
) -> None:
    kept_until(recording, today - timedelta(days=1))
    assert retention.delete_expired() == 1
    recording.refresh_from_db()
    assert (files(recordings), bool(recording.file), recording.deleted_by) == (0, False, None)
    assert recording.deleted_at is not None
    assert AuditEntry.objects.get(verb="recording.deleted").actor is None
    assert retention.delete_expired() == 0


def test_on_its_last_day_it_is_still_there(recording: Recording, recordings: Path, today: date) -> None:
    kept_until(recording, today)
    assert retention.delete_expired() == 0
    assert files(recordings) == 1


def test_legal_hold_goes_before_retention(cast: Cast, recording: Recording, recordings: Path, today: date) -> None:
    kept_until(recording, today - timedelta(days=9))
    retention.set_legal_hold(recording, on=True, reason="Dispute 7", by=cast.sun)
    assert (retention.delete_expired(), files(recordings)) == (0, 1)
    with pytest.raises(retention.OnHold):
        retention.delete_sound(recording, by=cast.ada)
    retention.set_legal_hold(recording, on=False, reason="", by=cast.sun)
    assert (retention.delete_expired(), files(recordings)) == (1, 0)
    verbs = AuditEntry.objects.filter(noun="recording").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["recording.held", "recording.released", "recording.deleted"]


def test_database_itself_refuses_to_lose_what_is_on_hold(recording: Recording) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Recording.objects.update(legal_hold=True, file="", deleted_at=clock.now())


def test_process_that_dies_after_the_file_leaves_no_loose_end(
    recording: Recording, recordings: Path, today: date
) -> None:
    kept_until(recording, today - timedelta(days=1))
    recording.file.storage.delete(str(recording.file))
    assert retention.delete_expired() == 1
    recording.refresh_from_db()
    assert recording.deleted_at is not None


def test_queue_decides_before_the_desk(cast: Cast, call: Call, recording: Recording) -> None:
    assert call.ended_at is not None
    assert last_day_of_recording(call, call.ended_at) is None
    retention.set_retention(retention.Rules(recording_days=90), by=cast.ada)
    assert last_day_of_recording(call, call.ended_at) == (call.ended_at + timedelta(days=90)).date()
    RecordingPolicy.objects.create(queue=cast.support_queue, retention_days=7)
    assert last_day_of_recording(call, call.ended_at) == (call.ended_at + timedelta(days=7)).date()


def test_changed_rule_holds_for_what_is_already_kept(cast: Cast, call: Call, recording: Recording) -> None:
    assert call.ended_at is not None
    retention.set_retention(retention.Rules(recording_days=30), by=cast.ada)
    recording.refresh_from_db()
    assert recording.delete_after == (call.ended_at + timedelta(days=30)).date()
    own = {cast.support_queue.pk: 7}
    retention.set_retention(retention.Rules(recording_days=30, queue_days=own), by=cast.ada)
    recording.refresh_from_db()
    assert recording.delete_after == (call.ended_at + timedelta(days=7)).date()
    retention.set_retention(retention.Rules(queue_days={cast.support_queue.pk: None}), by=cast.ada)
    recording.refresh_from_db()
    assert recording.delete_after is None


def test_rule_that_would_delete_much_wants_to_be_confirmed(cast: Cast, recording: Recording) -> None:
    Recording.objects.update(ended_at=clock.now() - timedelta(days=100))
    short = retention.Rules(recording_days=9)
    with pytest.raises(retention.WouldDelete) as caught:
        retention.set_retention(short, by=cast.ada)
    assert caught.value.count == 1
    assert RetentionPolicy.current().recording_days is None
    retention.set_retention(short, by=cast.ada, is_sure=True)
    assert retention.delete_expired() == 1


def test_hold_needs_the_right_and_a_reason(cast: Cast, signed_in: SignIn, recording: Recording) -> None:
    address = f"/telephony/recordings/{recording.pk}/hold/"
    assert signed_in(cast.mei).post(address, {"on": "1", "reason": "x"}).status_code == 403
    assert signed_in(cast.sun).post(address, {"on": "1", "reason": " "}).status_code == 400
    assert signed_in(cast.sun).post(address, {"on": "1", "reason": "Dispute 7"}).status_code == 302
    recording.refresh_from_db()
    assert (recording.legal_hold, recording.hold_reason) == (True, "Dispute 7")


def test_deleting_by_hand_is_the_administrators(cast: Cast, signed_in: SignIn, recording: Recording) -> None:
    address = f"/telephony/recordings/{recording.pk}/delete/"
    assert signed_in(cast.sun).post(address).status_code == 403
    with pytest.raises(PermissionDenied):
        retention.delete_sound(recording, by=cast.sun)
    assert signed_in(cast.ada).post(address).status_code == 302
    recording.refresh_from_db()
    assert recording.deleted_by == cast.ada
    assert signed_in(cast.sun).get(f"/telephony/recordings/{recording.pk}/").status_code == 410


def test_page_of_the_call_says_who_listened_and_what_became_of_it(
    cast: Cast, signed_in: SignIn, recording: Recording, today: date
) -> None:
    sun = signed_in(cast.sun)
    sun.get(f"/telephony/recordings/{recording.pk}/")
    page = sun.get(f"/calls/{recording.call_id}/").content.decode()
    assert 'data-seconds="280"' in page and "Sun</span>" in page
    kept_until(recording, today - timedelta(days=1))
    retention.delete_expired()
    page = sun.get(f"/calls/{recording.call_id}/").content.decode()
    assert "by retention" in page and "data-player-act" not in page


def test_page_of_the_call_is_closed_to_other_teams(cast: Cast, signed_in: SignIn, recording: Recording) -> None:
    assert signed_in(cast.omar).get(f"/calls/{recording.call_id}/").status_code == 404
    assert signed_in(cast.zhao).get(f"/calls/{recording.call_id}/").status_code == 403
