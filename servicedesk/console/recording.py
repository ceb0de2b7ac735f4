"""Whether the call in hand is being recorded, and what the agent may do about it."""

from dataclasses import dataclass
from datetime import datetime

from telephony.models import Call, CallLeg, Recording, RecordingNotice, RecordingPolicy
from telephony.queries.recording_rules import can_be_recorded, open_recording, policy_of
from telephony.states import IN_CONVERSATION, LegKind


@dataclass(frozen=True)
class OnAir:
    """`since` the segment runs, `until` it pauses; what this agent can do; whether the caller said no."""

    since: datetime | None = None
    until: datetime | None = None
    can_start: bool = False
    can_stop: bool = False
    can_pause: bool = False
    is_refused: bool = False


def on_air(call: Call, own: CallLeg | None) -> OnAir:
    """The recording as the bar shows it. Only who has the call in hand can do something about it."""
    policy, recording = policy_of(call), open_recording(call)
    in_hand = own is not None and own.kind == LegKind.AGENT and call.state in IN_CONVERSATION
    if recording is None:
        refused = RecordingNotice.objects.filter(call=call, answer=RecordingNotice.Answer.REFUSED).exists()
        is_open = in_hand and policy.mode == RecordingPolicy.Mode.ON_DEMAND
        return OnAir(can_start=is_open and can_be_recorded(call, policy), is_refused=refused)
    is_paused = recording.state == Recording.State.PAUSED
    return OnAir(
        since=recording.started_at,
        until=recording.pauses.filter(ended_at=None).values_list("until", flat=True).first() if is_paused else None,
        can_stop=in_hand and policy.mode == RecordingPolicy.Mode.ON_DEMAND,
        can_pause=in_hand and policy.agents_may_pause,
    )
