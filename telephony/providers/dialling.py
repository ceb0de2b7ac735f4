"""What is particular to calls that we place: their name before the carrier has one, its signals and our commands."""

from dataclasses import dataclass
from typing import ClassVar

from telephony.providers.base import Command, Signal

_PLACED = "out-"


def placed_call_id(public_id: object) -> str:
    """The `provider_call_id` of a call that we place: known before the carrier has a name for it."""
    return f"{_PLACED}{public_id}"


def is_placed(provider_call_id: str) -> bool:
    """Whether the id is of our own making."""
    return provider_call_id.startswith(_PLACED)


@dataclass(frozen=True, kw_only=True)
class Dialled(Signal):
    """The carrier calls the customer for us. `external_id` names the customer's leg there."""

    kind: ClassVar[str] = "dialled"
    external_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Ringing(Signal):
    """It rings at the customer. That somebody answered is told by `LegJoined`."""

    kind: ClassVar[str] = "ringing"
    external_id: str = ""


@dataclass(frozen=True, kw_only=True)
class DialFailed(Signal):
    """Nobody was reached; `reason` is busy, no_answer or failed."""

    kind: ClassVar[str] = "dial_failed"
    reason: str = "failed"


@dataclass(frozen=True)
class Dial(Command):
    """The agent waits in the room, as leg `agent_place`: call the customer into it, for `timeout_s` seconds at most.

    Numbers are E.164; `caller_id` is one of our own lines, empty where the carrier needs none.
    """

    verb: ClassVar[str] = "dial"
    number: str
    caller_id: str
    timeout_s: int
    agent_place: str = ""


@dataclass(frozen=True)
class CancelDial(Command):
    """The leg `external_id` was called for a call that is over: end it. `leg_id` for any but the customer's."""

    verb: ClassVar[str] = "cancel_dial"
    outlives_state: ClassVar[bool] = True
    external_id: str = ""
    leg_id: int | None = None
