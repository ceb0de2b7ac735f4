"""Outside numbers called into a call's conference."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from telephony.providers.base import CallRef, Signal
from telephony.providers.outside import DialParty, PartyDialled, PartyFailed
from telephony.providers.twilio.account import address
from telephony.providers.twilio.faults import Gone, Refused
from telephony.providers.twilio.rooms import Place, outside_label
from telephony.providers.twilio.webhooks import PROVIDER, Webhook, party_signal

if TYPE_CHECKING:
    from telephony.providers.twilio.rest import Rest


def dial(rest: "Rest", command: DialParty) -> Sequence[Signal]:
    """Call the number into the agent's room. Somebody of that label there means that it was done before."""
    call, leg_id, label = command.call, command.leg_id, outside_label(command.leg_id)
    room = Place.read(command.agent_place).conference_sid
    try:
        sid = next((sid for sid, known in rest.participants(room).items() if known == label), "")
        sid = sid or rest.invite(room, command, f"{address('party')}?call={call.public_id}&leg={leg_id}", label=label)
    except (Gone, Refused):
        return (PartyFailed(**_names(call), token=f"{label}:refused", leg_id=leg_id),)
    place = str(Place(room, sid))
    return (PartyDialled(**_names(call), token=f"{label}:dialled:{sid}", leg_id=leg_id, external_id=place),)


def now(rest: "Rest", call: CallRef, leg_id: int, external_id: str) -> Signal | None:
    """What the carrier says about the party when asked, as it would have told it."""
    sid = Place.read(external_id).call_sid
    try:
        status = rest.status_of(sid) if sid else "failed"
    except Gone:
        status = "completed"
    hook = Webhook("", {"CallSid": sid, "CallStatus": status}, f"{outside_label(leg_id)}:{status}")
    return party_signal(hook, call.provider_call_id, leg_id)


def _names(call: CallRef) -> dict[str, Any]:
    return {"provider": PROVIDER, "provider_call_id": call.provider_call_id}
