"""Recordings of calls at the carrier: one runs at a time, told of by webhooks, silent while paused."""

import io
import wave
from array import array
from dataclasses import dataclass, field
from email.utils import format_datetime
from typing import TYPE_CHECKING

from tests.fake_carrier.state import FakeCall

if TYPE_CHECKING:
    from tests.fake_carrier.carrier import FakeCarrier

LIVE = frozenset({"in-progress", "paused"})
CALLER_LEVEL, OTHERS_LEVEL = 1000, 2000


@dataclass
class FakeTape:
    """`states` is what it has been, in order."""

    sid: str
    call_sid: str
    callback: str
    events: tuple[str, ...]
    states: list[str] = field(default_factory=lambda: ["in-progress"])

    @property
    def status(self) -> str:
        return self.states[-1]


class Tapes:
    """What the desk asks for by REST, and what becomes of it when the call ends. `absent`: no sound ever comes."""

    def __init__(self, carrier: "FakeCarrier") -> None:
        self.carrier = carrier
        self.made: list[FakeTape] = []
        self.absent = False

    def of(self, call: FakeCall) -> list[FakeTape]:
        """The newest first."""
        return [tape for tape in reversed(self.made) if tape.call_sid == call.sid]

    def begin(self, call: FakeCall, callback: str, events: str) -> FakeTape:
        tape = FakeTape(self.carrier.new_sid("RE"), call.sid, callback, tuple(events.split()))
        self.made.append(tape)
        self._report(tape, "in-progress")
        return tape

    def change(self, tape: FakeTape, status: str) -> None:
        if status == "stopped":
            self._end(tape)
        else:
            tape.states.append(status)

    def call_ended(self, call: FakeCall) -> None:
        for tape in self.of(call):
            if tape.status in LIVE:
                self._end(tape)

    def _end(self, tape: FakeTape) -> None:
        if self.absent:
            tape.states.append("absent")
        else:
            tape.states.append("completed")
            self.carrier.recordings[tape.sid] = two_sides()
        self._report(tape, tape.status)

    def _report(self, tape: FakeTape, status: str) -> None:
        if status not in tape.events:
            return
        fields = {
            "AccountSid": self.carrier.account_sid,
            "CallSid": tape.call_sid,
            "RecordingSid": tape.sid,
            "RecordingStatus": status,
            "RecordingUrl": f"https://carrier/{tape.sid}",
            "RecordingChannels": "2",
            "RecordingSource": "StartCallRecordingAPI",
            "RecordingTrack": "both",
            "RecordingStartTime": format_datetime(self.carrier.now()),
            **({"RecordingDuration": "33"} if status == "completed" else {}),
        }
        self.carrier.post.send(tape.callback, fields)


def two_sides() -> bytes:
    """A second of sound: the recorded call first, everybody else second."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
        file.writeframes(array("h", [CALLER_LEVEL, OTHERS_LEVEL] * 8000).tobytes())
    return out.getvalue()
