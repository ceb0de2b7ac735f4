"""What screens are told about tickets: ids, counters and states, never a word of what was said."""

from dataclasses import dataclass
from typing import ClassVar

from crmcore.events import Event


@dataclass(frozen=True)
class TicketChanged(Event):
    kind: ClassVar[str] = "ticket.changed"
    ticket_id: int
    seq: int
    queue_id: int
    assignee_id: int | None
    sla_state: str


@dataclass(frozen=True)
class ViewersChanged(Event):
    """Somebody came to look at the ticket, went, began or stopped to write."""

    kind: ClassVar[str] = "viewers.changed"
    ticket_id: int


@dataclass(frozen=True)
class InteractionAdded(Event):
    kind: ClassVar[str] = "interaction.added"
    interaction_id: int
    ticket_id: int | None
    seq: int | None
    channel: str


@dataclass(frozen=True)
class ViewChanged(Event):
    """A ticket entered a saved view, left it, or changed within it."""

    kind: ClassVar[str] = "view.changed"
    view_id: int


@dataclass(frozen=True)
class BulkChanged(Event):
    """A change of many tickets got on; its person's own screens are told."""

    kind: ClassVar[str] = "bulk.changed"
    change_id: int


@dataclass(frozen=True)
class VisitChanged(Event):
    """A return visit was planned, moved, given, missed or ended; its person's own screens are told."""

    kind: ClassVar[str] = "visit.changed"
    visit_id: int


@dataclass(frozen=True)
class MailChanged(Event):
    kind: ClassVar[str] = "mail.changed"
    mail_id: int
    state: str


@dataclass(frozen=True)
class ChatChanged(Event):
    """A chat moved on, got a line, or one of its sides has read further."""

    kind: ClassVar[str] = "chat.changed"
    chat_id: int
    state: str
    seq: int


@dataclass(frozen=True)
class ChatTyping(Event):
    """Somebody in the chat types; told to those who listen at this moment and to nobody later."""

    kind: ClassVar[str] = "chat.typing"
    chat_id: int
    side: str


@dataclass(frozen=True)
class DispatchChanged(Event):
    """A dispatch order was written, given, moved or got on."""

    kind: ClassVar[str] = "dispatch.changed"
    order_id: int
    ticket_id: int
