"""What a foreign exchange tells about a call that it carries, beside the signals of every carrier."""

from dataclasses import dataclass
from typing import ClassVar

from telephony.providers.base import Signal


@dataclass(frozen=True, kw_only=True)
class ForeignSignal(Signal):
    """Something that the exchange did with a call by itself."""

    kind: ClassVar[str] = "foreign"


@dataclass(frozen=True, kw_only=True)
class CallerHeld(ForeignSignal):
    kind: ClassVar[str] = "caller_held"


@dataclass(frozen=True, kw_only=True)
class CallerResumed(ForeignSignal):
    kind: ClassVar[str] = "caller_resumed"


@dataclass(frozen=True, kw_only=True)
class PassedToAgent(ForeignSignal):
    """The conversation goes on with another agent."""

    kind: ClassVar[str] = "passed_to_agent"
    agent_id: int


@dataclass(frozen=True, kw_only=True)
class QueueEntered(ForeignSignal):
    kind: ClassVar[str] = "queue_entered"
    queue_id: int


@dataclass(frozen=True, kw_only=True)
class QueueLeft(ForeignSignal):
    """The caller waits no longer, though nobody answered; `gave_up` says that it was his choice."""

    kind: ClassVar[str] = "queue_left"
    gave_up: bool = False


@dataclass(frozen=True, kw_only=True)
class RecordingMade(ForeignSignal):
    """The exchange keeps a recording at `url`, under its own guard."""

    kind: ClassVar[str] = "recording_made"
    url: str
