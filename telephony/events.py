"""What telephony tells screens: ids, states and times only."""

from dataclasses import dataclass
from typing import ClassVar

from crmcore.events import Event


@dataclass(frozen=True)
class CallOffered(Event):
    """A call rings at an agent, until `expires_at`."""

    kind: ClassVar[str] = "call.offered"
    call_id: int
    offer_id: int
    expires_at: str


@dataclass(frozen=True)
class OfferClosed(Event):
    kind: ClassVar[str] = "offer.closed"
    call_id: int
    offer_id: int
    reason: str


@dataclass(frozen=True)
class CallChanged(Event):
    kind: ClassVar[str] = "call.changed"
    call_id: int
    state: str
    epoch: int


@dataclass(frozen=True)
class QueueChanged(Event):
    kind: ClassVar[str] = "queue.changed"
    queue_id: int


@dataclass(frozen=True)
class CampaignChanged(Event):
    """Something about a campaign, or an agent's part in it, is different."""

    kind: ClassVar[str] = "campaign.changed"
    campaign_id: int


@dataclass(frozen=True)
class TextChanged(Event):
    """A text message has come further, or was lost."""

    kind: ClassVar[str] = "text.changed"
    text_id: int
    state: str


@dataclass(frozen=True)
class GroupTextChanged(Event):
    """A group message, or one of its messages, has come further."""

    kind: ClassVar[str] = "group_text.changed"
    group_id: int
