"""The sound that an agent's page sends while it records: in order, each part once, none from anybody else."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crmcore import clock
from crmcore.later import run_later
from crmcore.models import User
from telephony.actions.recording import begin_segment, close_recording, pause_segment
from telephony.actions.transitions import lock_call
from telephony.models import Call, Recording, RecordingPart
from telephony.queries.recording_rules import open_recording, policy_of
from telephony.recordings_store import seal_part

LARGEST_PART = 512 * 1024
LARGEST_RECORDING = 256 * 1024 * 1024
LATEST_PART = timedelta(hours=24)
CLOCKS_DIFFER = timedelta(seconds=5)
CONTENT_TYPES = frozenset({"audio/webm", "audio/ogg", "audio/mp4"})


@dataclass(frozen=True)
class OnTape:
    """What a page is to record: the segment, and whether to record silence."""

    id: int
    paused: bool


@dataclass(frozen=True)
class Part:
    """One slice: its number from 0, the bytes with their checksum, and how long the recording is with it."""

    number: int
    data: bytes
    sha256: str
    content_type: str
    elapsed_ms: int
    is_last: bool = False


class PartRefused(Exception):
    """The part does not fit: `next` is the number that is waited for."""

    def __init__(self, reason: str, awaited: int) -> None:
        super().__init__(reason)
        self.reason, self.next = reason, awaited


@transaction.atomic
def take_tape(call_id: int, leg_id: int, page: str) -> OnTape | None:
    """What the page at this leg is to record now. A page that was not there before begins a segment of its own."""
    call = lock_call(call_id)
    recording = open_recording(call)
    if recording is None or recording.leg_id != leg_id or not page:
        return None
    if not recording.reference:
        recording.reference = page
        recording.save(update_fields=["reference"])
    elif recording.reference != page:
        recording = _go_on(call, recording, page)
    if recording is None:
        return None
    return OnTape(recording.pk, recording.state == Recording.State.PAUSED)


def _go_on(call: Call, recording: Recording, page: str) -> Recording | None:
    """The recording of a page that is gone goes on in another, paused if it was."""
    now, policy = clock.now(), policy_of(call)
    pause = recording.pauses.filter(ended_at=None).first()
    close_recording(recording, now=now)
    assert recording.leg is not None
    following = begin_segment(call, recording.leg, policy, now=now, reference=page)
    if following is not None and pause is not None:
        pause_segment(following, until=pause.until, by_id=pause.by_id, now=now)
    return following


@transaction.atomic
def take_part(recording_id: int, part: Part, *, by: User) -> int:
    """Keep one part; the answer is the number of the next. A part that has come before changes nothing.

    Raises PartRefused for a gap, a wrong checksum and what is too large or too late, PermissionDenied for a recording
    that somebody else makes.
    """
    recording = Recording.objects.select_for_update(of=("self",)).get(pk=recording_id)
    if recording.agent_id != by.pk or recording.source != Recording.Source.BROWSER:
        raise PermissionDenied(f"recording {recording_id}")
    _check(recording, part)
    if part.number == recording.next_part:
        _append(recording, part)
    if part.is_last and recording.ended_at is not None and recording.fetch_due_at is not None:
        run_later("telephony.store_recording", recording.pk)
    return recording.next_part


def _check(recording: Recording, part: Part) -> None:
    def refuse_if(is_wrong: bool, reason: str) -> None:
        if is_wrong:
            raise PartRefused(reason, recording.next_part)

    refuse_if(hashlib.sha256(part.data).hexdigest() != part.sha256, "checksum")
    refuse_if(part.number > recording.next_part, "gap")
    refuse_if(part.content_type not in CONTENT_TYPES, "kind")
    refuse_if(not part.data or len(part.data) > LARGEST_PART, "size")
    if part.number < recording.next_part:
        known = recording.parts.filter(number=part.number).values_list("sha256", flat=True).first()
        refuse_if(known not in (None, part.sha256), "other")
        return
    refuse_if(recording.deleted_at is not None, "late")
    refuse_if(recording.size + len(part.data) > LARGEST_RECORDING, "size")
    refuse_if(recording.ended_at is not None and clock.now() - recording.ended_at > LATEST_PART, "late")


def _append(recording: Recording, part: Part) -> None:
    now = clock.now()
    RecordingPart.objects.create(
        recording=recording, number=part.number, data=seal_part(part.data), sha256=part.sha256, received_at=now
    )
    lasted = timedelta(milliseconds=part.elapsed_ms)
    if part.number == 0:
        recording.content_type = part.content_type
        if abs(now - lasted - recording.started_at) < CLOCKS_DIFFER:
            recording.started_at = now - lasted
    recording.duration_ms = min(
        max(recording.duration_ms, part.elapsed_ms), (now - recording.started_at) // timedelta(milliseconds=1)
    )
    recording.size += len(part.data)
    recording.next_part, recording.heard_at = part.number + 1, now
    if recording.ended_at is not None and recording.fetch_due_at is None:
        # The sound has been put away already, and grows now.
        recording.fetch_due_at = now + timedelta(seconds=2)
    recording.save()
