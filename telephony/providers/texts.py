"""Text messages at a carrier: what comes in, what is reported, what is sent, and who can do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Protocol, runtime_checkable


class TextRefused(Exception):
    """The carrier will not send this message, however often it is asked; `code` is its own number for why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class IncomingText:
    """A customer wrote. Numbers are as the carrier wrote them, without its prefixes; `left_out` attachments."""

    provider: str
    sid: str
    channel: str
    from_number: str
    to_number: str
    body: str
    left_out: int = 0
    opt_out_type: str = ""


@dataclass(frozen=True)
class TextReport:
    """How far a message has come; `state` is one of telephony.text_states.TextState."""

    sid: str
    state: str
    error_code: str = ""


@dataclass(frozen=True)
class OutgoingText:
    """A message to send: `body`, or the approved template `content_sid` with its variables in order."""

    public_id: str
    channel: str
    from_number: str
    to_number: str
    body: str
    content_sid: str = ""
    variables: Sequence[str] = ()
    begun_at: datetime | None = None


@runtime_checkable
class CarriesTexts(Protocol):
    """A carrier that can send text messages."""

    code: ClassVar[str]

    def text_channels(self) -> frozenset[str]:
        """By which channels it can send as it is set up now."""
        ...

    def send_text(self, text: OutgoingText) -> TextReport:
        """Hand a message over. Raises TextRefused, CarrierBusy when nothing was taken, CarrierError for all else."""
        ...

    def look_for_text(self, text: OutgoingText) -> Sequence[TextReport]:
        """Messages there that may be this one, after a try of which no answer came. Raises CarrierError."""
        ...

    def text_report(self, sid: str) -> TextReport | None:
        """How far a message has come, None when it is not known. Raises CarrierError."""
        ...
