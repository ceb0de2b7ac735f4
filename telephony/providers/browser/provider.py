"""Calls between two browsers: the voice flows between their pages, we only say what the call is doing."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis import RedisError

from telephony.mixing import Star
from telephony.providers.base import (
    Arrange,
    CallRef,
    Capabilities,
    CarrierError,
    Command,
    DropLeg,
    HangUp,
    ReturnCaller,
    Signal,
)
from telephony.providers.recording import Tape


def group_of(public_id: str) -> str:
    """The channel group in which the sockets of one call sit."""
    return f"call.{public_id}"


def star_message(star: Star) -> dict[str, Any]:
    """What the sockets of a call are told of its star."""
    return {"type": "call.star", "epoch": star.epoch, "voices": [asdict(voice) for voice in star.voices]}


class BrowserProvider:
    """Needs no account and no media server; both pages keep a socket at `/ws/call/`."""

    code: ClassVar[str] = "browser"
    capabilities: ClassVar[Capabilities] = Capabilities(
        media="browser",
        can_hold=True,
        can_hang_up=True,
        can_transfer=True,
        can_conference=True,
        heartbeats=True,
        can_ask=True,
    )

    def send(self, command: Command) -> Sequence[Signal]:
        message = _message_of(command)
        if message is not None:
            _tell(command.call, message)
        return ()

    def follow_tape(self, call: CallRef, tape: Tape) -> str:
        """The agent's page records; it looks what is wanted when it is told to."""
        _tell(call, {"type": "call.tape"})
        return tape.reference

    def is_live(self, call: CallRef) -> bool | None:
        return None

    def dials(self) -> bool:
        return False


def _tell(call: CallRef, message: dict[str, Any]) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(group_of(call.public_id), message)
    except (RedisError, OSError) as error:
        raise CarrierError("the pages of the call cannot be told") from error


def _message_of(command: Command) -> dict[str, Any] | None:
    match command:
        case Arrange(call=call, voices=voices):
            return star_message(Star(call.epoch, voices))
        case ReturnCaller(call=call):
            return star_message(Star(call.epoch, ()))
        case HangUp():
            return {"type": "call.over"}
        case DropLeg(leg_id=leg_id, hands_over=hands_over):
            return {"type": "call.over", "leg_id": leg_id, "hands_over": hands_over}
        case _:
            return None
