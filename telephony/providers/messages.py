"""Messages that callers leave at a carrier: the signal, and the carriers that keep the sound for us."""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from telephony.providers.base import Signal


@dataclass(frozen=True, kw_only=True)
class VoicemailLeft(Signal):
    """The caller left a message: `source` names it at the carrier, or `stored` in our own storage."""

    kind: ClassVar[str] = "voicemail_left"
    seconds: int
    source: str = ""
    stored: str = ""
    content_type: str = ""


@runtime_checkable
class KeepsRecordings(Protocol):
    """A carrier that records by itself and keeps what it recorded until we have fetched it."""

    recording_type: ClassVar[str]

    def fetch_recording(self, source: str) -> bytes:
        """The sound of a recording. Raises CarrierError to be asked again."""
        ...
