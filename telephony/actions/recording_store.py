"""Putting recordings away: the parts that a page has sent become one file, what a carrier keeps is fetched."""

from datetime import datetime, timedelta

import structlog
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from crmcore import clock
from crmcore.actions import audit
from crmcore.later import run_later
from telephony.actions.announcements import announce_call
from telephony.actions.contact_record import show_recording
from telephony.actions.recording import close_recording, resume_segment
from telephony.models import Call, Recording, RecordingPart, RecordingPause
from telephony.queries.recording_rules import OPEN
from telephony.recordings_store import unseal_part
from telephony.states import CallState, LegState

log = structlog.get_logger(__name__)

AT_ONCE = 20
FETCH_AGAIN_AFTER = timedelta(seconds=20)
FETCHED_WITHIN = timedelta(hours=12)
SUFFIXES = {"audio/webm": "webm", "audio/ogg": "ogg", "audio/mp4": "m4a", "audio/wav": "wav"}


def sweep_recordings(now: datetime) -> None:
    """Pauses that are over, segments that nobody makes any more, sound that waits to be put away."""
    for pause in RecordingPause.objects.filter(ended_at=None, until__lte=now).select_related("recording__call"):
        _end_pause(pause, now)
    for recording in _left_behind():
        with transaction.atomic():
            _close_left_behind(recording.pk, now)
    due = Recording.objects.filter(fetch_due_at__lte=now).order_by("fetch_due_at")
    for recording in due[:AT_ONCE]:
        _ask_for_sound(recording, now)


def _ask_for_sound(recording: Recording, now: datetime) -> None:
    """Let the worker try, and again where nothing came of it: less and less often, and at last not at all."""
    waited = now - (recording.ended_at or recording.started_at)
    same = Recording.objects.filter(pk=recording.pk, fetch_due_at=recording.fetch_due_at)
    if waited > FETCHED_WITHIN:
        same.update(fetch_due_at=None, state=Recording.State.LOST if not recording.file else recording.state)
    elif same.update(fetch_due_at=now + max(waited, FETCH_AGAIN_AFTER)):
        run_later("telephony.store_recording", recording.pk)


@transaction.atomic
def _end_pause(pause: RecordingPause, now: datetime) -> None:
    recording = pause.recording
    if resume_segment(recording, now=now, by_itself=True):
        audit.record("recording.resumed", recording, by=None, detail={"call": recording.call_id})
        announce_call(recording.call)


def _left_behind() -> list[Recording]:
    """Open segments whose call or agent has gone without a word to us."""
    gone = Q(call__state=CallState.ENDED) | Q(leg__state=LegState.LEFT)
    return list(Recording.objects.filter(OPEN, gone)[:AT_ONCE])


def _close_left_behind(recording_id: int, now: datetime) -> None:
    recording = Recording.objects.select_for_update(of=("self",)).filter(OPEN, pk=recording_id).first()
    if recording is not None:
        log.warning("telephony.recording_left_behind", recording_id=recording_id)
        close_recording(recording, now=now)


@transaction.atomic
def store_parts(recording_id: int) -> None:
    """Make one file of what a page has sent; what comes afterwards is added to it."""
    rows = Recording.objects.select_for_update(of=("self",), skip_locked=True)
    recording = rows.filter(pk=recording_id, fetch_due_at__isnull=False).first()
    if recording is None:
        return
    parts = list(RecordingPart.objects.filter(recording=recording).order_by("number"))
    recording.fetch_due_at = None
    if parts:
        sound = b"".join(unseal_part(bytes(part.data)) for part in parts)
        keep_sound(recording, _kept(recording) + sound, now=clock.now())
        RecordingPart.objects.filter(pk__in=[part.pk for part in parts]).delete()
    elif not recording.file:
        recording.state = Recording.State.LOST
    recording.save()


def keep_sound(recording: Recording, sound: bytes, *, now: datetime) -> None:
    """Put the sound of a locked recording into our storage; the row is left to be saved."""
    before, storage = recording.file.name, recording.file.storage
    name = f"{Call.objects.values_list('public_id', flat=True).get(pk=recording.call_id)}-{recording.segment}"
    recording.file.save(f"{name}.{SUFFIXES.get(recording.content_type, 'bin')}", ContentFile(sound), save=False)
    recording.state, recording.size, recording.stored_at = Recording.State.FINISHED, len(sound), now
    if before:
        transaction.on_commit(lambda: storage.delete(before), robust=True)
    show_recording(recording.call)


def _kept(recording: Recording) -> bytes:
    if not recording.file:
        return b""
    with recording.file.open("rb") as file:
        return bytes(file.read())
