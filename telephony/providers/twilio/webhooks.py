"""What the carrier's webhooks mean."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from telephony.providers.base import (
    CallerHungUp,
    CallFinished,
    DigitsEntered,
    Incoming,
    LegJoined,
    LegLeft,
    LegLost,
    Signal,
)
from telephony.providers.dialling import DialFailed, Dialled, Ringing
from telephony.providers.messages import VoicemailLeft
from telephony.providers.outside import PartyDialled, PartyFailed
from telephony.providers.recording import Taped, TapeState
from telephony.providers.twilio.rooms import CALLER, Place, is_outside, leg_of_label

PROVIDER = "twilio"
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
# A call that we ended while it rang is canceled; why it was is known here.
NOT_REACHED = {"busy": "busy", "no-answer": "no_answer", "failed": "failed", "canceled": "failed"}
QUEUE_FAILED = frozenset({"queue-full", "error", "system-error"})
LONGEST_DIGITS = 40
TAPE_STATES = {"in-progress": TapeState.RUNNING, "completed": TapeState.READY, "absent": TapeState.ABSENT}
RECORDING_SID = r"RE[0-9a-f]{32}"
HUNG_UP = "participant_hung_up"


@dataclass(frozen=True)
class Webhook:
    """One request of the carrier, whose signature was good. Unknown fields are no concern of ours."""

    path: str
    fields: Mapping[str, str]
    idempotency_token: str = ""

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def token(self) -> str:
        """The same for every delivery of the same event."""
        if self.idempotency_token:
            return self.idempotency_token
        text = "\n".join([self.path, *(f"{key}={self.fields[key]}" for key in sorted(self.fields))])
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def occurred_at(self) -> datetime | None:
        """The carrier's time, which it tells in whole seconds; the sequence puts the events of one second in order."""
        moment = _moment(self["Timestamp"])
        return moment + timedelta(milliseconds=min(_number(self["SequenceNumber"]), 999)) if moment else None


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text).astimezone(UTC)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


@dataclass(frozen=True)
class Scene:
    """What our rows say about the call whose conference reports: the caller, and the place of the newest agent."""

    caller_sid: str
    agent_leg_id: int | None = None
    agent_place: Place = field(default=Place("", ""))


def incoming(hook: Webhook) -> Incoming:
    """A caller has dialled one of our numbers."""
    return Incoming(
        provider=PROVIDER,
        provider_call_id=hook["CallSid"],
        token=hook.token,
        from_number=hook["From"],
        to_number=hook["To"],
        raw=dict(hook.fields),
    )


def status_signal(hook: Webhook) -> Signal | None:
    """The end of a caller's call. Legs of agents report in their conference."""
    is_caller = not hook["ParentCallSid"] and not hook["From"].startswith("client:")
    if not hook["CallSid"] or not is_caller or hook["CallStatus"] not in OVER:
        return None
    return _caller_gone(hook)


def digits_signal(hook: Webhook, turn: int) -> DigitsEntered:
    """The answer to the question of `turn`. The same key at two questions makes two requests of the same fields."""
    return DigitsEntered(
        provider=PROVIDER,
        provider_call_id=hook["CallSid"],
        token=f"{hook.token}:{turn}",
        turn=turn,
        digits=hook["Digits"][:LONGEST_DIGITS],
        raw=dict(hook.fields),
    )


def recorded_signal(hook: Webhook) -> VoicemailLeft | None:
    """A message of a caller is ready to be fetched."""
    if hook["RecordingStatus"] != "completed" or not re.fullmatch(RECORDING_SID, hook["RecordingSid"]):
        return None
    return VoicemailLeft(
        provider=PROVIDER,
        provider_call_id=hook["CallSid"],
        token=f"recorded:{hook['RecordingSid']}",
        source=hook["RecordingSid"],
        seconds=_number(hook["RecordingDuration"]),
        raw=dict(hook.fields),
    )


def taped_signal(hook: Webhook, recording_id: int, provider_call_id: str) -> Taped | None:
    """What the carrier says of the recording that it makes of a conversation."""
    state = TAPE_STATES.get(hook["RecordingStatus"])
    if state is None or not re.fullmatch(RECORDING_SID, hook["RecordingSid"]):
        return None
    began_at = _moment(hook["RecordingStartTime"])
    return Taped(
        provider=PROVIDER,
        provider_call_id=provider_call_id,
        token=f"taped:{hook['RecordingSid']}:{state}",
        recording_id=recording_id,
        reference=hook["RecordingSid"],
        state=state,
        duration_ms=_number(hook["RecordingDuration"]) * 1000,
        channels=_number(hook["RecordingChannels"]) or 2,
        began_at=began_at.isoformat() if began_at else "",
        raw=dict(hook.fields),
    )


def dialled_signal(hook: Webhook) -> CallFinished:
    """The call that the caller was sent to has ended, or never came about."""
    return CallFinished(
        provider=PROVIDER, provider_call_id=hook["CallSid"], token=hook.token, by="carrier", raw=dict(hook.fields)
    )


def put_through_signal(hook: Webhook, leg_id: int) -> Signal:
    """How it went with the outside number to which a caller in line was put through."""
    if hook["DialCallStatus"] not in NOT_REACHED:
        return dialled_signal(hook)
    return PartyFailed(
        provider=PROVIDER,
        provider_call_id=hook["CallSid"],
        token=hook.token,
        leg_id=leg_id,
        reason=NOT_REACHED[hook["DialCallStatus"]],
        raw=dict(hook.fields),
    )


def placed_signal(hook: Webhook, provider_call_id: str) -> Signal | None:
    """Progress of the call that the carrier makes to a customer for us."""
    common: dict[str, Any] = {
        "provider": PROVIDER,
        "provider_call_id": provider_call_id,
        "token": hook.token,
        "occurred_at": hook.occurred_at,
        "raw": dict(hook.fields),
    }
    status, place = hook["CallStatus"], str(Place("", hook["CallSid"]))
    if status in NOT_REACHED:
        return DialFailed(**common, reason=NOT_REACHED[status])
    match status:
        case "ringing":
            return Ringing(**common, external_id=place)
        case "completed":
            return CallerHungUp(**common)
        case "queued" | "initiated" | "in-progress":
            return Dialled(**common, external_id=place)
    return None


def party_signal(hook: Webhook, provider_call_id: str, leg_id: int) -> Signal | None:
    """Progress of the call that the carrier makes to an outside number for us."""
    common: dict[str, Any] = {
        "provider": PROVIDER,
        "provider_call_id": provider_call_id,
        "token": hook.token,
        "occurred_at": hook.occurred_at,
        "raw": dict(hook.fields),
        "leg_id": leg_id,
    }
    status, place = hook["CallStatus"], str(Place("", hook["CallSid"]))
    if status in NOT_REACHED:
        return PartyFailed(**common, reason=NOT_REACHED[status])
    match status:
        case "queued" | "initiated" | "ringing":
            return PartyDialled(**common, external_id=place)
        # It was called into the room, so it is there.
        case "in-progress":
            return LegJoined(**common, external_id=place)
        case "completed":
            return LegLeft(**common)
    return None


def parking_signal(hook: Webhook) -> Signal | None:
    """The caller left the waiting queue without having been fetched."""
    if hook["QueueResult"] in QUEUE_FAILED:
        return CallFinished(
            provider=PROVIDER,
            provider_call_id=hook["CallSid"],
            token=hook.token,
            by="carrier",
            reason="carrier_error",
            raw=dict(hook.fields),
        )
    if hook["QueueResult"] == "hangup" or hook["CallStatus"] in OVER:
        return _caller_gone(hook)
    return None


def conference_signal(hook: Webhook, scene: Scene) -> Signal | None:
    """What an event of a conference means for the legs of its call."""
    leg_id = leg_of_label(hook["ParticipantLabel"])
    match hook["StatusCallbackEvent"]:
        case "participant-join" if leg_id is not None:
            return _joined(hook, scene, leg_id)
        case "participant-leave" if leg_id is not None and is_outside(hook["ParticipantLabel"]):
            return _party_left(hook, scene, leg_id)
        case "participant-join" if hook["ParticipantLabel"] == CALLER:
            # Rooms of one name may exist twice, in two regions or one after the other: both must sit in the same.
            together = hook["ConferenceSid"] == scene.agent_place.conference_sid
            return _joined(hook, scene, None) if together else None
        case "participant-leave" if leg_id is not None:
            return _agent_left(hook, scene, leg_id)
        case "participant-leave" if hook["ParticipantLabel"] == CALLER:
            return _caller_left(hook, scene)
        case "conference-end" if scene.agent_leg_id is not None:
            alone = hook["ConferenceSid"] == scene.agent_place.conference_sid
            return LegLost(**_common(hook, scene), leg_id=scene.agent_leg_id) if alone else None
    return None


def _joined(hook: Webhook, scene: Scene, leg_id: int | None) -> LegJoined:
    place = Place(hook["ConferenceSid"], hook["CallSid"])
    return LegJoined(**_common(hook, scene), leg_id=leg_id, external_id=str(place))


def _agent_left(hook: Webhook, scene: Scene, leg_id: int) -> LegLost | None:
    """Who hangs up at the desk tells the desk; a leg that ends by itself is a reload or a broken line."""
    has_rejoined = leg_id == scene.agent_leg_id and scene.agent_place.call_sid not in ("", hook["CallSid"])
    return None if has_rejoined else LegLost(**_common(hook, scene), leg_id=leg_id)


def _party_left(hook: Webhook, scene: Scene, leg_id: int) -> Signal:
    if hook["ParticipantCallStatus"] in NOT_REACHED:
        return PartyFailed(**_common(hook, scene), leg_id=leg_id, reason=NOT_REACHED[hook["ParticipantCallStatus"]])
    return LegLeft(**_common(hook, scene), leg_id=leg_id)


def _caller_left(hook: Webhook, scene: Scene) -> Signal | None:
    """Hung up, or never reached; a caller whom we moved elsewhere is still on the line."""
    if hook["ParticipantCallStatus"] in NOT_REACHED:
        return DialFailed(**_common(hook, scene), reason=NOT_REACHED[hook["ParticipantCallStatus"]])
    if hook["ReasonParticipantLeft"] == HUNG_UP or hook["ParticipantCallStatus"] in OVER:
        return LegLeft(**_common(hook, scene), leg_id=None)
    return None


def _caller_gone(hook: Webhook) -> CallerHungUp:
    return CallerHungUp(
        provider=PROVIDER,
        provider_call_id=hook["CallSid"],
        token=hook.token,
        occurred_at=hook.occurred_at,
        raw=dict(hook.fields),
    )


def _common(hook: Webhook, scene: Scene) -> dict[str, Any]:
    return {
        "provider": PROVIDER,
        "provider_call_id": scene.caller_sid,
        "token": hook.token,
        "occurred_at": hook.occurred_at,
        "raw": dict(hook.fields),
    }
