"""What carriers tell of the recordings that they make, and bringing the sound into our own storage."""

from datetime import datetime

import structlog
from django.db import transaction

from crmcore import clock
from crmcore.later import run_later
from telephony.actions.recording import close_recording
from telephony.actions.recording_store import FETCH_AGAIN_AFTER, keep_sound, store_parts
from telephony.models import Call, Recording
from telephony.providers.base import CarrierError
from telephony.providers.recording import KeepsTapes, Taped, TapeState
from telephony.providers.registry import provider_of

log = structlog.get_logger(__name__)


def hear_of_tape(call: Call, signal: Taped, *, now: datetime) -> None:
    """Take a carrier's word about a segment of a locked call, in whatever order it comes."""
    recording = Recording.objects.select_for_update(of=("self",)).filter(pk=signal.recording_id, call=call).first()
    if recording is None or recording.stored_at is not None:
        return
    recording.reference, recording.heard_at = recording.reference or signal.reference, now
    recording.started_at = signal.since or recording.started_at
    if signal.state != TapeState.RUNNING and recording.is_open:
        close_recording(recording, now=now)
    if signal.state == TapeState.READY:
        recording.duration_ms, recording.channels = signal.duration_ms, signal.channels
        recording.fetch_due_at = now + FETCH_AGAIN_AFTER
        run_later("telephony.store_recording", recording.pk)
    elif signal.state == TapeState.ABSENT:
        recording.state, recording.fetch_due_at = Recording.State.LOST, None
    recording.save()


def store_recording(recording_id: int) -> None:
    """Put the sound of a segment away, wherever it waits; asked twice, it is kept once."""
    recording = Recording.objects.select_related("call").filter(pk=recording_id, fetch_due_at__isnull=False).first()
    carrier = provider_of(recording.call.provider) if recording else None
    if recording is None:
        return
    if isinstance(carrier, KeepsTapes):
        _fetch(recording, carrier)
    else:
        store_parts(recording_id)


def _fetch(recording: Recording, carrier: KeepsTapes) -> None:
    """Bring the sound here. What failed is asked for again."""
    if not recording.reference:
        return
    try:
        sound = carrier.fetch_tape(recording.reference)
    except CarrierError as error:
        log.warning("telephony.recording_not_fetched", recording_id=recording.pk, error=str(error))
        return
    _keep(recording.pk, sound, carrier.recording_type)
    try:
        carrier.forget_tape(recording.reference)
    except CarrierError as error:
        log.warning("telephony.recording_not_forgotten", recording_id=recording.pk, error=str(error))


@transaction.atomic
def _keep(recording_id: int, sound: bytes, content_type: str) -> None:
    recording = Recording.objects.select_for_update(of=("self",)).get(pk=recording_id)
    if recording.stored_at is None:
        recording.content_type, recording.fetch_due_at = content_type, None
        keep_sound(recording, sound, now=clock.now())
        recording.save()
