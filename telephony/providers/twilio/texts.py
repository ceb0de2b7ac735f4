"""Text messages at the carrier: its webhooks read, its requests made."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from telephony.providers.message_channel import DeliveryState, InboundMessage, OutboundMessage, TextRefused
from telephony.providers.twilio.account import address
from telephony.providers.twilio.faults import Gone, Refused
from telephony.providers.twilio.webhooks import PROVIDER, Webhook
from telephony.text_states import LOST, TextChannel, TextState

if TYPE_CHECKING:
    from telephony.providers.twilio.rest import Rest

WHATSAPP = "whatsapp:"
CHANNELS = frozenset({TextChannel.SMS, TextChannel.WHATSAPP})
STATES = {
    "accepted": TextState.QUEUED,
    "scheduled": TextState.QUEUED,
    "queued": TextState.QUEUED,
    "sending": TextState.QUEUED,
    "sent": TextState.SENT,
    "delivered": TextState.DELIVERED,
    "partially_delivered": TextState.DELIVERED,
    "read": TextState.READ,
    "failed": TextState.FAILED,
    "canceled": TextState.FAILED,
    "undelivered": TextState.UNDELIVERED,
}
# The carrier's clock and ours may differ by so much when a lost try is looked for.
SLACK = timedelta(minutes=2)
CANDIDATES = 20


def incoming_text(hook: Webhook) -> InboundMessage:
    """A customer's message."""
    media = hook["NumMedia"]
    return InboundMessage(
        provider=PROVIDER,
        sid=hook["MessageSid"],
        channel=TextChannel.WHATSAPP if hook["From"].startswith(WHATSAPP) else TextChannel.SMS,
        sender=hook["From"].removeprefix(WHATSAPP),
        recipient=hook["To"].removeprefix(WHATSAPP),
        body=hook["Body"],
        left_out=int(media) if media.isascii() and media.isdigit() else 0,
        opt_out_type=hook["OptOutType"],
    )


def text_report(hook: Webhook) -> DeliveryState | None:
    """How far one of our messages has come; None for a state that is new to us."""
    status = "read" if hook["EventType"] == "READ" else hook["MessageStatus"]
    return _report(hook["MessageSid"], status, hook["ErrorCode"])


def send(rest: "Rest", text: OutboundMessage) -> DeliveryState:
    """Create the message. Raises TextRefused, CarrierBusy and CarrierError."""
    fields: dict[str, Any] = {
        "to": _address(text.channel, text.recipient),
        "from_": _address(text.channel, text.sender),
        "status_callback": address("text-status", text=text.public_id),
    }
    if text.content_sid:
        filled = {str(place): value for place, value in enumerate(text.variables, 1)}
        fields |= {"content_sid": text.content_sid, "content_variables": json.dumps(filled)}
    else:
        fields["body"] = text.body
    try:
        sid, status = rest.create_text(fields)
    except Refused as refused:
        raise TextRefused(str(refused.code)) from refused
    except Gone as gone:
        raise TextRefused("") from gone
    return _report(sid, status, "") or DeliveryState(sid, TextState.QUEUED)


def look_for(rest: "Rest", text: OutboundMessage) -> list[DeliveryState]:
    """Messages of the same words between the same numbers since the first try, the oldest first."""
    since = text.begun_at - SLACK if text.begun_at else None
    people = {"to": _address(text.channel, text.recipient), "from_": _address(text.channel, text.sender)}
    rows = rest.texts({**people, "date_sent_after": since, "limit": CANDIDATES})
    alike = [row for row in rows if text.content_sid or row.body == text.body]
    return [report for row in reversed(alike) if (report := _report(row.sid, row.status, row.error_code))]


def report_of(rest: "Rest", sid: str) -> DeliveryState | None:
    """What the carrier's books say of a message."""
    try:
        row = rest.text(sid)
    except Gone:
        return None
    return _report(sid, row.status, row.error_code)


def _report(sid: str, status: object, code: object) -> DeliveryState | None:
    state = STATES.get(str(status))
    if state is None:
        return None
    return DeliveryState(sid, state, str(code) if state in LOST and code and str(code) != "0" else "")


def _address(channel: str, number: str) -> str:
    return f"{WHATSAPP}{number}" if channel == TextChannel.WHATSAPP else number
