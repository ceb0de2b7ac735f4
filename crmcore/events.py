"""What screens may be told: closed, typed shapes of ids, counters and times, never text a listener may not fetch."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Event:
    """Base of all events. Fields are int, str, bool or None; moments travel as ISO 8601 in UTC."""

    kind: ClassVar[str]


@dataclass(frozen=True)
class PresenceChanged(Event):
    kind: ClassVar[str] = "presence.changed"
    user_id: int
    chosen: str
    system: str


@dataclass(frozen=True)
class BoardChanged(Event):
    kind: ClassVar[str] = "board.changed"


@dataclass(frozen=True)
class AccountChanged(Event):
    kind: ClassVar[str] = "account.changed"
    account_id: int


@dataclass(frozen=True)
class ContactChanged(Event):
    kind: ClassVar[str] = "contact.changed"
    contact_id: int


@dataclass(frozen=True)
class OpportunityChanged(Event):
    kind: ClassVar[str] = "opportunity.changed"
    opportunity_id: int
    account_id: int


@dataclass(frozen=True)
class LeadChanged(Event):
    kind: ClassVar[str] = "lead.changed"
    lead_id: int


@dataclass(frozen=True)
class NoticesChanged(Event):
    kind: ClassVar[str] = "notices.changed"
    user_id: int


@dataclass(frozen=True)
class RightsChanged(Event):
    kind: ClassVar[str] = "rights.changed"
    user_id: int


@dataclass(frozen=True)
class ApprovalChanged(Event):
    kind: ClassVar[str] = "approval.changed"
    approval_id: int
    state: str
