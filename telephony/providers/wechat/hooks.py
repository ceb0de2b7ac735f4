"""What the platform tells: messages and events, read from the fields of their XML."""

from collections.abc import Mapping
from datetime import UTC, datetime

from telephony.providers.message_channel import Following, InboundMedia, InboundMessage
from telephony.providers.wechat.faults import PROVIDER
from telephony.providers.wechat.markup import BadMarkup
from telephony.text_states import TextChannel

LONGEST_ID = 64


def read_hook(fields: Mapping[str, str], app_id: str) -> InboundMessage | Following | None:
    """A message, or that somebody follows or has left; None for what is no matter of ours. Raises BadMarkup."""
    sender, kind = fields.get("FromUserName", ""), fields.get("MsgType", "")
    if not 0 < len(sender) <= LONGEST_ID or not kind:
        raise BadMarkup("it does not say from whom and what it is")
    at = _moment(fields.get("CreateTime", ""))
    if kind == "event":
        follows = {"subscribe": True, "unsubscribe": False}.get(fields.get("Event", "").lower())
        return None if follows is None else Following(TextChannel.WECHAT, sender, app_id, follows, at)
    body, media, left_out = _content(kind, fields)
    return InboundMessage(
        provider=PROVIDER,
        sid=f"{app_id}:{_name(fields, sender)}"[:LONGEST_ID],
        channel=TextChannel.WECHAT,
        sender=sender,
        recipient=app_id,
        body=body,
        left_out=left_out,
        sent_at=at,
        media=media,
    )


def _name(fields: Mapping[str, str], sender: str) -> str:
    """What all repetitions of a message have in common."""
    number = fields.get("MsgId", "")
    if number.isascii() and number.isdigit() and len(number) <= 20:
        return number
    return f"{fields.get('CreateTime', '')}:{sender}"


def _moment(stamp: str) -> datetime:
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 11):
        raise BadMarkup("it does not say when")
    return datetime.fromtimestamp(int(stamp), UTC)


def _content(kind: str, fields: Mapping[str, str]) -> tuple[str, tuple[InboundMedia, ...], int]:
    """Words, what is to be fetched, and how much cannot be."""
    said = fields.get
    match kind:
        case "text":
            return said("Content", ""), (), 0
        case "image" | "voice":
            return said("Recognition", ""), _media(kind, fields), 0
        case "location":
            return f"{said('Label', '')} ({said('Location_X', '')}, {said('Location_Y', '')})".strip(), (), 0
        case "link":
            lines = (said("Title", ""), said("Description", ""), said("Url", ""))
            return "\n".join(line for line in lines if line), (), 0
    return "", (), 1


def _media(kind: str, fields: Mapping[str, str]) -> tuple[InboundMedia, ...]:
    reference = fields.get("MediaId", "")
    return (InboundMedia(kind, reference),) if 0 < len(reference) <= 200 else ()
