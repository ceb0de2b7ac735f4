"""Recordings at the carrier: of the customer's own call, which hears neither whispers nor what is said apart."""

import io
import wave
from array import array
from typing import TYPE_CHECKING

from telephony.providers.recording import Tape, Wanted
from telephony.providers.twilio.faults import Gone

if TYPE_CHECKING:
    from telephony.providers.twilio.rest import Rest

RUNNING, PAUSED = "in-progress", "paused"
LIVE = frozenset({RUNNING, PAUSED})
STATES = {Wanted.RUNNING: RUNNING, Wanted.PAUSED: PAUSED}


def follow(rest: "Rest", call_sid: str, tape: Tape, report_to: str) -> str:
    """Begin, pause, go on with or end the recording as the segment wants; its SID, empty when the call is over."""
    try:
        states = rest.tapes(call_sid)
        for sid in tape.spent:
            if states.pop(sid, "") in LIVE:
                rest.change_tape(call_sid, sid, "stopped")
        return _bring(rest, call_sid, tape, {sid: state for sid, state in states.items() if state in LIVE}, report_to)
    except Gone:
        return tape.reference


def _bring(rest: "Rest", call_sid: str, tape: Tape, live: dict[str, str], report_to: str) -> str:
    # One that runs without a name of ours is the answer that was lost on its way to us.
    sid = tape.reference or next(iter(live), "")
    if tape.wanted == Wanted.OVER:
        if sid in live:
            rest.change_tape(call_sid, sid, "stopped")
        return sid
    if not sid:
        sid = rest.begin_tape(call_sid, report_to)
        live = {sid: RUNNING}
    if live.get(sid, STATES[tape.wanted]) != STATES[tape.wanted]:
        rest.change_tape(call_sid, sid, STATES[tape.wanted])
    return sid


def agent_first(sound: bytes) -> bytes:
    """The same WAV file with its two channels changed: the carrier puts the recorded call first, we the agent."""
    with wave.open(io.BytesIO(sound)) as file:
        form, frames = file.getparams(), file.readframes(file.getnframes())
    if (form.nchannels, form.sampwidth) != (2, 2):
        return sound
    samples = array("h", frames)
    samples[0::2], samples[1::2] = samples[1::2], samples[0::2]
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams(form)
        file.writeframes(samples.tobytes())
    return out.getvalue()
