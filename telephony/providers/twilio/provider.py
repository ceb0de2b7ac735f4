"""Calls of the public network: the caller waits at the carrier, and meets the agent in a conference per call."""

from collections.abc import Collection, Sequence
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

from telephony.providers.base import (
    Arrange,
    CallerHungUp,
    CallRef,
    Capabilities,
    CarrierError,
    Command,
    DropLeg,
    HangUp,
    RedirectCaller,
    ReturnCaller,
    Signal,
    Voice,
)
from telephony.providers.dialling import CancelDial, Dial, DialFailed, Dialled, is_placed
from telephony.providers.message_channel import DeliveryState, OutboundMessage
from telephony.providers.outside import DialParty
from telephony.providers.recording import Tape
from telephony.providers.twilio import outside, tapes, texts
from telephony.providers.twilio.account import Account, address
from telephony.providers.twilio.faults import Gone, Refused
from telephony.providers.twilio.rooms import CALLER, Place, leg_of_label
from telephony.providers.twilio.webhooks import OVER, PROVIDER
from telephony.states import LegKind, Supervision

if TYPE_CHECKING:
    from telephony.providers.twilio.onboarding import Onboarding
    from telephony.providers.twilio.rest import Rest


@cache
def connect() -> "Rest":
    """The one connection of this process. Raises CarrierError without an account."""
    from telephony.providers.twilio.rest import Rest  # noqa: PLC0415  # 20 MB that only a desk with an account needs

    return Rest(Account.configured())


def onboarding() -> "Onboarding":
    """The carrier's office. Raises CarrierError without an account."""
    from telephony.providers.twilio.onboarding import Onboarding  # noqa: PLC0415  # as above

    return Onboarding(connect())


class TwilioProvider:
    """The agent's browser pulls the call by its ticket; the caller is moved to it afterwards."""

    code: ClassVar[str] = PROVIDER
    reaches_people: ClassVar[bool] = True
    recording_type: ClassVar[str] = "audio/wav"
    capabilities: ClassVar[Capabilities] = Capabilities(
        media="twilio",
        can_hold=True,
        can_hang_up=True,
        can_transfer=True,
        can_conference=True,
        can_reach_outside=True,
        is_remote=True,
        can_ask=True,
        times_answers=True,
        asks_after_calls=True,
        can_dial=True,
    )

    def send(self, command: Command) -> Sequence[Signal]:
        match command:
            case Dial(call):
                return _dial(command)
            case DialParty(call):
                return outside.dial(connect(), command)
            case CancelDial(external_id=external_id):
                with suppress(Gone):
                    connect().complete(Place.read(external_id).call_sid)
            case RedirectCaller(call):
                return _fetch_caller(call)
            case ReturnCaller(call):
                return _move_caller(call)
            case Arrange(call, voices):
                return _arrange(call, voices)
            case HangUp(call, farewell=True):
                return _leave_alone(call)
            case HangUp(call):
                _end(call)
            case DropLeg(call, leg_id, external_id):
                _drop(call, leg_id, Place.read(external_id))
        return ()

    def party_now(self, call: CallRef, leg_id: int, external_id: str) -> Signal | None:
        return outside.now(connect(), call, leg_id, external_id)

    def fetch_recording(self, source: str) -> bytes:
        return connect().recording(source)

    def follow_tape(self, call: CallRef, tape: Tape) -> str:
        sid = _customer_sid(call)
        if not sid:
            raise CarrierError("the customer's call has no name yet")
        return tapes.follow(connect(), sid, tape, address("taped", recording=str(tape.recording_id)))

    def fetch_tape(self, reference: str) -> bytes:
        return tapes.agent_first(connect().recording(reference, channels=2))

    def forget_tape(self, reference: str) -> None:
        with suppress(Gone):
            connect().remove_recording(reference)

    def is_live(self, call: CallRef) -> bool | None:
        sid = _customer_sid(call)
        if not Account.configured().takes_commands or not sid:
            return None
        try:
            return connect().status_of(sid) not in OVER
        except Gone:
            return False

    def text_channels(self) -> frozenset[str]:
        return texts.CHANNELS if Account.configured().takes_commands else frozenset()

    def send_text(self, text: OutboundMessage) -> DeliveryState:
        return texts.send(connect(), text)

    def look_for_text(self, text: OutboundMessage) -> Sequence[DeliveryState]:
        return texts.look_for(connect(), text)

    def text_report(self, sid: str) -> DeliveryState | None:
        return texts.report_of(connect(), sid)

    def legs_in_room(self, call: CallRef) -> Collection[int]:
        found: set[int] = set()
        for room in connect().rooms(call.public_id):
            with suppress(Gone):
                found |= {leg for label in connect().participants(room).values() if (leg := leg_of_label(label))}
        return found

    def dials(self) -> bool:
        account = Account.configured()
        return account.takes_commands and account.has_browser_phones


def _customer_sid(call: CallRef) -> str:
    """The customer's own call at the carrier; empty while one that we place has none yet."""
    return Place.read(call.customer_leg).call_sid if is_placed(call.provider_call_id) else call.provider_call_id


def _dial(command: Dial) -> Sequence[Signal]:
    """Call the customer into the agent's room. Somebody of that label there means that it was done before."""
    call, room, rest = command.call, Place.read(command.agent_place).conference_sid, connect()
    try:
        people = rest.participants(room)
        sid = next((sid for sid, label in people.items() if label == CALLER), "")
        sid = sid or rest.invite(room, command, address("placed", call=call.public_id))
    except Gone:
        return ()
    except Refused:
        return (DialFailed(**_names(call), token=f"{call.public_id}:refused"),)
    return (Dialled(**_names(call), token=f"{call.public_id}:dialled:{sid}", external_id=str(Place(room, sid))),)


def _fetch_caller(call: CallRef) -> Sequence[Signal]:
    with suppress(Gone):
        connect().take_from_queue(call.provider_call_id, address("caller"))
        return ()
    return _move_caller(call)


def _move_caller(call: CallRef) -> Sequence[Signal]:
    """Let the caller ask anew where to be, which `caller/` answers from our rows."""
    try:
        connect().redirect(_customer_sid(call), address("caller"))
    except Gone:
        return (_gone(call),)
    return ()


def _leave_alone(call: CallRef) -> Sequence[Signal]:
    """Let the caller hear what is still to be said, and everybody else go."""
    gone, rest = _move_caller(call), connect()
    for room in rest.rooms(call.public_id):
        with suppress(Gone):
            for sid in set(rest.participants(room)) - {_customer_sid(call)}:
                with suppress(Gone):
                    rest.remove(room, sid)
    return gone


def _arrange(call: CallRef, voices: Sequence[Voice]) -> Sequence[Signal]:
    """Set every participant of the room as it should be; who is not in it (yet) comes with the right settings."""
    rest = connect()
    agent = next((Place.read(voice.external_id).call_sid for voice in voices if voice.kind == LegKind.AGENT), "")
    caller_found = False
    for room in rest.rooms(call.public_id):
        with suppress(Gone):
            present = {leg_of_label(label) or 0: sid for sid, label in rest.participants(room).items()}
            for voice in voices:
                sid = present.get(0 if voice.kind == LegKind.CUSTOMER else voice.leg_id)
                caller_found |= voice.kind == LegKind.CUSTOMER and sid is not None
                if sid is not None:
                    _set(rest, room, sid, voice, agent)
    if caller_found:
        return ()
    if TwilioProvider().is_live(call):
        raise CarrierError("the caller is not in the room")
    return (_gone(call),)


def _set(rest: "Rest", room: str, sid: str, voice: Voice, agent: str) -> None:
    match voice.kind:
        case LegKind.CUSTOMER | LegKind.CONSULT | LegKind.EXTERNAL if voice.is_held:
            rest.hold(room, sid, address("hold"))
        case LegKind.CUSTOMER | LegKind.CONSULT | LegKind.EXTERNAL:
            rest.resume(room, sid)
        case LegKind.SUPERVISOR:
            rest.coach(room, sid, muted=voice.supervision == Supervision.LISTEN, agent=agent_heard_by(voice, agent))


def agent_heard_by(voice: Voice, agent: str) -> str:
    """The call of the agent to whom alone a supervisor speaks, empty when everybody may hear."""
    return agent if voice.supervision == Supervision.WHISPER else ""


def _end(call: CallRef) -> None:
    rest = connect()
    with suppress(Gone):
        if sid := _customer_sid(call):
            rest.complete(sid)
    for room in rest.rooms(call.public_id):
        with suppress(Gone):
            rest.close_room(room)


def _drop(call: CallRef, leg_id: int, place: Place) -> None:
    """Remove an agent. A caller who would stay behind alone is sent where the call belongs by now."""
    rest = connect()
    for room in [place.conference_sid] if place.conference_sid else rest.rooms(call.public_id):
        with suppress(Gone):
            people = rest.participants(room)
            legs = {sid: leg_of_label(label) for sid, label in people.items()}
            for sid in [sid for sid, leg in legs.items() if leg == leg_id]:
                rest.remove(room, sid)
                del legs[sid]
            if set(legs) == {_customer_sid(call)}:
                rest.redirect(_customer_sid(call), address("caller"))


def _gone(call: CallRef) -> CallerHungUp:
    return CallerHungUp(**_names(call), token=f"{call.public_id}:gone")


def _names(call: CallRef) -> dict[str, Any]:
    return {"provider": PROVIDER, "provider_call_id": call.provider_call_id}
