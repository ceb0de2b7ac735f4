"""Outside numbers that are called into a conversation: our command, the carrier's signals, and looking after them."""

from dataclasses import dataclass
from typing import ClassVar, Protocol, runtime_checkable

from telephony.providers.base import CallRef, Command, Signal


@dataclass(frozen=True, kw_only=True)
class PartyDialled(Signal):
    """The carrier calls the outside number of leg `leg_id`; `external_id` names it there.

    That somebody answered is told by `LegJoined`, that they hung up by `LegLeft`.
    """

    kind: ClassVar[str] = "party_dialled"
    leg_id: int
    external_id: str = ""


@dataclass(frozen=True, kw_only=True)
class PartyFailed(Signal):
    """Nobody was reached at the outside number; `reason` is busy, no_answer or failed."""

    kind: ClassVar[str] = "party_failed"
    leg_id: int
    reason: str = "failed"


@dataclass(frozen=True)
class DialParty(Command):
    """Call `number` into the room in which the agent is as `agent_place`, for `timeout_s` seconds at most.

    Numbers are E.164; `caller_id` is one of our own lines. Wanted as long as the leg has not left.
    """

    verb: ClassVar[str] = "dial_party"
    lasts_with_leg: ClassVar[bool] = True
    leg_id: int
    number: str
    caller_id: str
    timeout_s: int
    agent_place: str = ""


@runtime_checkable
class LooksAfterParties(Protocol):
    """A carrier that can be asked what has become of an outside number of which nothing is heard."""

    def party_now(self, call: CallRef, leg_id: int, external_id: str) -> Signal | None:
        """What would have been told, None while nothing has changed. Raises CarrierError to be asked again."""
        ...
