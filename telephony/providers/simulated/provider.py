"""The carrier of simulated callers: no audio, every leg joins at once, callers leave when their time is up."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

from crmcore import clock
from telephony.providers.base import CallRef, Capabilities, Command, ConnectAgent, LegJoined, RedirectCaller, Signal
from telephony.providers.dialling import Dial, Dialled
from telephony.providers.message_channel import DeliveryState, OutboundMessage
from telephony.providers.outside import DialParty
from telephony.text_states import TextChannel, TextState


class SimulatedProvider:
    """A call's context holds `patience_s` and `talk_s`, so that it ends even if the program that made it is gone."""

    code: ClassVar[str] = "simulated"
    reaches_people: ClassVar[bool] = False
    capabilities: ClassVar[Capabilities] = Capabilities(
        media="none",
        can_hold=True,
        can_hang_up=True,
        can_transfer=True,
        can_conference=True,
        can_reach_outside=True,
        can_dial=True,
        reaches_people=False,
        can_ask=True,
    )

    def send(self, command: Command) -> Sequence[Signal]:
        match command:
            case ConnectAgent(call, leg_id):
                return [_joined(call, leg_id)]
            case RedirectCaller(call, leg_id):
                return [_joined(call, None, room=leg_id)]
            case DialParty(call, leg_id):
                return [_joined(call, leg_id)]
            case Dial(call):
                return [Dialled(**_names(call), token=f"{call.public_id}:dialled", occurred_at=clock.now())]
        return []

    def is_live(self, call: CallRef) -> bool | None:
        """Whether the caller would still be on the line by its own patience and wish to talk."""
        since = call.answered_at or call.queued_at
        seconds = call.context.get("talk_s" if call.answered_at else "patience_s")
        if since is None or seconds is None:
            return None
        return clock.now() < since + timedelta(seconds=float(seconds))

    def text_channels(self) -> frozenset[str]:
        return frozenset(TextChannel)

    def send_text(self, text: OutboundMessage) -> DeliveryState:
        """Delivered at once, to nobody."""
        return DeliveryState(f"simulated-{text.public_id}", TextState.DELIVERED)

    def look_for_text(self, text: OutboundMessage) -> Sequence[DeliveryState]:
        return ()

    def text_report(self, sid: str) -> DeliveryState | None:
        return DeliveryState(sid, TextState.DELIVERED)

    def dials(self) -> bool:
        return True


def _joined(call: CallRef, leg_id: int | None, *, room: int | None = None) -> LegJoined:
    return LegJoined(
        **_names(call),
        token=f"{call.public_id}:joined:{leg_id}:{room}",
        leg_id=leg_id,
        occurred_at=clock.now(),
    )


def _names(call: CallRef) -> dict[str, Any]:
    return {"provider": SimulatedProvider.code, "provider_call_id": call.provider_call_id}
