"""Carriers for tests: one that only writes down what it is asked for, and one whose legs report themselves."""

from collections.abc import Sequence
from typing import ClassVar

from telephony.providers.base import CallRef, Capabilities, CarrierError, Command, Signal
from telephony.providers.recording import Tape


class QuietCarrier:
    """Does nothing and says nothing, so that a test tells every signal itself."""

    code: ClassVar[str] = "quiet"
    capabilities: ClassVar[Capabilities] = Capabilities(
        can_hold=True, can_hang_up=True, can_transfer=True, can_conference=True
    )
    live: ClassVar[bool | None] = None
    broken: ClassVar[bool] = False
    sent: ClassVar[list[Command]] = []

    def send(self, command: Command) -> Sequence[Signal]:
        if self.broken:
            raise CarrierError("no line to the carrier")
        self.sent.append(command)
        return []

    def is_live(self, call: CallRef) -> bool | None:
        return self.live


class ReportingCarrier(QuietCarrier):
    code: ClassVar[str] = "reporting"
    capabilities: ClassVar[Capabilities] = Capabilities(
        can_hold=True, can_hang_up=True, can_transfer=True, can_conference=True, heartbeats=True
    )


class DiallingCarrier(QuietCarrier):
    code: ClassVar[str] = "dialling"
    capabilities: ClassVar[Capabilities] = Capabilities(can_hold=True, can_hang_up=True, can_dial=True)

    def dials(self) -> bool:
        return True


class TapingCarrier(QuietCarrier):
    """Records whatever it is asked to."""

    code: ClassVar[str] = "taping"
    tapes: ClassVar[list[Tape]] = []

    def follow_tape(self, call: CallRef, tape: Tape) -> str:
        if self.broken:
            raise CarrierError("no line to the carrier")
        self.tapes.append(tape)
        return ""


class ReachingCarrier(TapingCarrier):
    """Calls imaginary outside numbers into a conversation, and records whatever it is asked to."""

    code: ClassVar[str] = "reaching"
    capabilities: ClassVar[Capabilities] = Capabilities(
        can_hold=True,
        can_hang_up=True,
        can_transfer=True,
        can_conference=True,
        can_reach_outside=True,
        reaches_people=False,
    )


class ForeignExchange(QuietCarrier):
    code: ClassVar[str] = "foreign"
    capabilities: ClassVar[Capabilities] = Capabilities(distributes=False, media="desk_phone")


class AskingCarrier(QuietCarrier):
    """Leads callers through call flows, and leaves it to the desk to notice who stays silent."""

    code: ClassVar[str] = "asking"
    capabilities: ClassVar[Capabilities] = Capabilities(can_hold=True, can_hang_up=True, can_ask=True)
