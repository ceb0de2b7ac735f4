"""Recording a conversation: what we ask of the carriers that can, again and again, until it is so."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from telephony.providers.base import CallRef


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
