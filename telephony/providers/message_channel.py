"""The one face of every channel of written messages: what comes in, what goes out, how far it has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable


class TextRefused(Exception):
    """The channel will not send this message, however often it is asked; `code` is its own number for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class InboundMedia:
    """Something sent along: `kind` is image, voice or video, `reference` names it at the channel."""

    kind: str
    reference: str


@dataclass(frozen=True)
class InboundMessage:
    """A customer wrote. The two ends are as the channel wrote them, without its prefixes.

    `left_out` things were sent along that cannot be fetched. `sent_at`: when they wrote, where the channel tells.
    """

    provider: str
    sid: str
    channel: str
    sender: str
    recipient: str
    body: str
    left_out: int = 0
    opt_out_type: str = ""
    sent_at: datetime | None = None
    media: Sequence[InboundMedia] = ()


@dataclass(frozen=True)
class Following:
    """A customer began to follow an account of ours, or stopped: `at` says which of two comes last."""

    channel: str
    sender: str
    recipient: str
    follows: bool
    at: datetime


@dataclass(frozen=True)
class OutboundMessage:
    """A message to send: `body`, or the approved template `content_sid` with its variables in order."""

    public_id: str
    channel: str
    sender: str
    recipient: str
    body: str
    content_sid: str = ""
    variables: Sequence[str] = ()
    begun_at: datetime | None = None


@dataclass(frozen=True)
class DeliveryState:
    """How far a message has come, one of telephony.text_states.TextState. `is_last`: no more will be told."""

    sid: str
    state: str
    error_code: str = ""
    is_last: bool = False


@dataclass(frozen=True)
class Media:
    """What was sent along, fetched."""

    name: str
    data: bytes


@runtime_checkable
class MessageChannel(Protocol):
    """A carrier or network that can send written messages. `reaches_people`: who reads them is real."""

    code: ClassVar[str]
    reaches_people: ClassVar[bool]

    def text_channels(self) -> frozenset[str]:
        """By which channels it can send as it is set up now."""
        ...

    def send_text(self, text: OutboundMessage) -> DeliveryState:
        """Hand a message over. Raises TextRefused, CarrierBusy when nothing was taken, CarrierError for all else."""
        ...

    def look_for_text(self, text: OutboundMessage) -> Sequence[DeliveryState]:
        """Messages there that may be this one, after a try of which no answer came.

        Raises CarrierError; TextRefused where the channel keeps no books, for nothing is sent twice on a guess.
        """
        ...

    def text_report(self, sid: str) -> DeliveryState | None:
        """How far a message has come, None when it is not known. Raises CarrierError."""
        ...


@runtime_checkable
class KeepsMedia(Protocol):
    """A channel that keeps what customers send along until we have fetched it."""

    def fetch_media(self, recipient: str, media: InboundMedia) -> Media:
        """What was sent to `recipient`, an address of ours. Raises CarrierError to be asked again, TextRefused."""
        ...
