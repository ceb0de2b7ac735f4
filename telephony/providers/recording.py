"""Recording a conversation: what we ask of the carriers that can, again and again, until it is so."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol, runtime_checkable

from telephony.providers.base import CallRef, Signal


class Wanted(StrEnum):
    """What should be the case with a segment from now on."""

    RUNNING = "running"
    PAUSED = "paused"
    OVER = "over"


@dataclass(frozen=True)
class Tape:
    """One segment of a call's recording; `reference` is the carrier's name for it, empty before it has one.

    `spent` are the carrier's names of the call's other segments.
    """

    recording_id: int
    wanted: Wanted
    reference: str = ""
    spent: tuple[str, ...] = ()


@runtime_checkable
class RecordsCalls(Protocol):
    """A carrier that records conversations, or whose agents' pages do."""

    def follow_tape(self, call: CallRef, tape: Tape) -> str:
        """Make it so; said twice, nothing changes. The answer names the recording at the carrier.

        Raises CarrierError to be asked again.
        """
        ...


@runtime_checkable
class KeepsTapes(RecordsCalls, Protocol):
    """A carrier that records by itself, so that the sound has to be fetched there."""

    recording_type: ClassVar[str]

    def fetch_tape(self, reference: str) -> bytes:
        """The sound with the agent on the first channel. Raises CarrierError to be asked again."""
        ...

    def forget_tape(self, reference: str) -> None:
        """We have it: delete it there. Gone already, nothing changes. Raises CarrierError."""
        ...


class TapeState(StrEnum):
    RUNNING = "running"
    READY = "ready"
    ABSENT = "absent"


@dataclass(frozen=True, kw_only=True)
class Taped(Signal):
    """A carrier tells of a segment: it runs since `began_at`, its sound is `ready`, or there is none."""

    kind: ClassVar[str] = "taped"
    recording_id: int
    reference: str
    state: str
    duration_ms: int = 0
    channels: int = 2
    began_at: str = ""

    @property
    def since(self) -> datetime | None:
        return datetime.fromisoformat(self.began_at) if self.began_at else None
