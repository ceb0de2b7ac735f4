"""What agents do about the recording of the call in their hands: start, stop, pause while payment data are given."""

from datetime import timedelta

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from telephony.actions.announcements import announce_call
from telephony.actions.in_hand import lock_in_hand
from telephony.actions.recording import begin_segment, end_recording, pause_segment, resume_segment
from telephony.actions.transitions import MovedOn
from telephony.models import Call, Recording, RecordingPolicy
from telephony.queries.recording_rules import open_recording, policy_of

PAUSE_AT_LONGEST = timedelta(seconds=120)


@transaction.atomic
def start_recording(call_id: int, *, by: User) -> None:
    """Record from now on; again is no change. Raises MovedOn where the queue or the caller does not want it."""
    call, leg = lock_in_hand(call_id, by)
    policy = policy_of(call)
    if open_recording(call) is not None:
        return
    if policy.mode != RecordingPolicy.Mode.ON_DEMAND:
        raise MovedOn(call.state, "policy")
    recording = begin_segment(call, leg, policy, now=clock.now())
    if recording is None:
        raise MovedOn(call.state, "consent")
    _note("recording.started", recording, call, by)


@transaction.atomic
def stop_recording(call_id: int, *, by: User) -> None:
    """Record no longer; again is no change. Raises MovedOn where every conversation is recorded."""
    call, _leg = lock_in_hand(call_id, by)
    recording = open_recording(call)
    if recording is None:
        return
    if policy_of(call).mode != RecordingPolicy.Mode.ON_DEMAND:
        raise MovedOn(call.state, "policy")
    end_recording(call, now=clock.now())
    _note("recording.stopped", recording, call, by)


@transaction.atomic
def pause_recording(call_id: int, *, by: User) -> None:
    """Record nothing for a while, at most two minutes. Again is no change."""
    call, _leg = lock_in_hand(call_id, by)
    recording = open_recording(call)
    if recording is None or not policy_of(call).agents_may_pause:
        raise MovedOn(call.state, "policy")
    if recording.state == Recording.State.PAUSED:
        return
    now = clock.now()
    pause_segment(recording, until=now + PAUSE_AT_LONGEST, by_id=by.pk, now=now)
    _note("recording.paused", recording, call, by)


@transaction.atomic
def resume_recording(call_id: int, *, by: User) -> None:
    """Record again before the pause ends by itself. Again is no change."""
    call, _leg = lock_in_hand(call_id, by)
    recording = open_recording(call)
    if recording is not None and resume_segment(recording, now=clock.now()):
        _note("recording.resumed", recording, call, by)


def _note(verb: str, recording: Recording, call: Call, by: User) -> None:
    audit.record(verb, recording, by=by, detail={"call": call.pk, "segment": recording.segment})
    announce_call(call)
