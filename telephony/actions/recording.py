"""Recording conversations: a segment begins with an agent's part in a call and ends with it, whatever ends that."""

from datetime import datetime, timedelta
from functools import partial

import structlog
from django.db import transaction
from django.db.models import F, Max

from crmcore import clock
from crmcore.later import run_later
from telephony.actions.commands import ref_of
from telephony.models import Call, CallLeg, Recording, RecordingNotice, RecordingPause, RecordingPolicy
from telephony.providers.base import CarrierError
from telephony.providers.recording import RecordsCalls, Tape, Wanted
from telephony.providers.registry import provider_of
from telephony.queries.recording_notice import notice_due
from telephony.queries.recording_rules import can_be_recorded, open_recording, policy_of
from telephony.queries.retention import last_day_of_recording

log = structlog.get_logger(__name__)

# So long the last parts of a page may take, and the carrier's word that the sound is ready.
PARTS_WITHIN = timedelta(seconds=15)
READY_WITHIN = timedelta(seconds=60)
ASK_AGAIN_AFTER = timedelta(seconds=2)
NO_USE_AFTER = timedelta(minutes=5)
SOURCES = {"browser": Recording.Source.BROWSER, "twilio": Recording.Source.TWILIO}
WANTED = {Recording.State.RECORDING: Wanted.RUNNING, Recording.State.PAUSED: Wanted.PAUSED}


def note_told(call: Call, *, now: datetime) -> RecordingNotice | None:
    """The caller of a locked call has been told of the recording by now, if there was something to tell."""
    if (due := notice_due(call)) is None:
        return RecordingNotice.objects.filter(call=call).first()
    return RecordingNotice.objects.create(call=call, told_at=now, is_asked=due.is_asked)


def begin_recording(call: Call, leg: CallLeg, *, now: datetime, goes_on: bool = False) -> None:
    """The agent of `leg` speaks to the customer of a locked call: record it if the queue wants that.

    `goes_on`: it was being recorded before this agent took it over.
    """
    policy = policy_of(call)
    if policy.mode == RecordingPolicy.Mode.ALWAYS or (goes_on and policy.mode == RecordingPolicy.Mode.ON_DEMAND):
        begin_segment(call, leg, policy, now=now)


def begin_segment(
    call: Call, leg: CallLeg, policy: RecordingPolicy, *, now: datetime, reference: str = ""
) -> Recording | None:
    """A new segment of a locked call; None where it may not be recorded, or is being recorded already."""
    if open_recording(call) is not None or not can_be_recorded(call, policy):
        return None
    newest = Recording.objects.filter(call=call).aggregate(newest=Max("segment"))["newest"] or 0
    recording = Recording.objects.create(
        call=call,
        leg=leg,
        agent=leg.agent,
        segment=newest + 1,
        source=SOURCES.get(call.provider, Recording.Source.BROWSER),
        reference=reference,
        started_at=now,
        heard_at=now,
    )
    follow(recording, now=now)
    return recording


def end_recording(call: Call, *, now: datetime) -> bool:
    """Nothing of a locked call is recorded from now on; whether something was."""
    recording = open_recording(call)
    if recording is None:
        return False
    close_recording(recording, now=now)
    follow(recording, now=now)
    return True


def close_recording(recording: Recording, *, now: datetime) -> None:
    """The segment is over. Its sound is put away when it has come in full, or has had the time to."""
    RecordingPause.objects.filter(recording=recording, ended_at=None).update(ended_at=now)
    is_sent_here = recording.source == Recording.Source.BROWSER
    recording.state, recording.ended_at = Recording.State.FINISHED, now
    recording.fetch_due_at = now + (PARTS_WITHIN if is_sent_here else READY_WITHIN)
    recording.delete_after = last_day_of_recording(recording.call, now)
    recording.save(update_fields=["state", "ended_at", "fetch_due_at", "delete_after"])


def pause_segment(recording: Recording, *, until: datetime, by_id: int | None, now: datetime) -> None:
    """Nothing is recorded until then, or until somebody says so before."""
    RecordingPause.objects.create(recording=recording, by_id=by_id, started_at=now, until=until)
    recording.state = Recording.State.PAUSED
    recording.save(update_fields=["state"])
    follow(recording, now=now)


def resume_segment(recording: Recording, *, now: datetime, by_itself: bool = False) -> bool:
    """Record again; False when it is not paused (any more)."""
    resumed = Recording.objects.filter(pk=recording.pk, state=Recording.State.PAUSED)
    if not resumed.update(state=Recording.State.RECORDING):
        return False
    RecordingPause.objects.filter(recording=recording, ended_at=None).update(ended_at=now, ended_by_itself=by_itself)
    follow(recording, now=now)
    return True


def follow(recording: Recording, *, now: datetime) -> None:
    """Let the carrier learn, after the commit, what is wanted of the segment."""
    Recording.objects.filter(pk=recording.pk).update(follow_due_at=now + ASK_AGAIN_AFTER)
    if provider_of(recording.call.provider).capabilities.is_remote:
        run_later("telephony.follow_recording", recording.pk)
    else:
        transaction.on_commit(partial(follow_at_carrier, recording.pk), robust=True)


@transaction.atomic
def follow_at_carrier(recording_id: int) -> None:
    """Tell the carrier what is wanted of the segment as its row is by now, unless somebody else is doing so."""
    rows = Recording.objects.select_for_update(of=("self",), skip_locked=True).select_related("call")
    recording = rows.filter(pk=recording_id, follow_due_at__isnull=False).first()
    carrier = provider_of(recording.call.provider) if recording else None
    if recording is None or not isinstance(carrier, RecordsCalls):
        return
    now = clock.now()
    try:
        reference = carrier.follow_tape(ref_of(recording.call), _tape(recording))
    except CarrierError as error:
        log.warning("telephony.recording_not_followed", recording_id=recording_id, error=str(error))
        is_long_over = recording.ended_at is not None and now - recording.ended_at > NO_USE_AFTER
        recording.follow_due_at = None if is_long_over else now + ASK_AGAIN_AFTER
    else:
        recording.reference, recording.follow_due_at = reference or recording.reference, None
    recording.save(update_fields=["reference", "follow_due_at"])


def follow_due(now: datetime) -> None:
    """Ask again what could not be told."""
    due = Recording.objects.filter(follow_due_at__lte=now).order_by(F("follow_due_at"))
    for recording_id in due.values_list("pk", flat=True)[:50]:
        run_later("telephony.follow_recording", recording_id)


def _tape(recording: Recording) -> Tape:
    others = Recording.objects.filter(call=recording.call).exclude(pk=recording.pk).exclude(reference="")
    return Tape(
        recording.pk,
        WANTED.get(Recording.State(recording.state), Wanted.OVER),
        recording.reference,
        tuple(others.values_list("reference", flat=True)),
    )
