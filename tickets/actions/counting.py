"""What a word between the desk and a customer means for a ticket: its clocks, its status, whose turn it is."""

from datetime import datetime

from tickets.actions import sla
from tickets.actions.entries import Channel, Direction
from tickets.actions.moves import move
from tickets.models import Category, Interaction, Ticket
from tickets.queries.wording import status_in
from tickets.sla_clock import MIN_TALK_S

WRITTEN = frozenset({Channel.PORTAL, Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.WECHAT, Channel.CHAT})


def count(ticket: Ticket, entry: Interaction, *, is_contact: bool, replied_at: datetime) -> None:
    """Let the clocks, the status and whose turn it is follow a new entry of a locked ticket."""
    at = entry.occurred_at
    if is_contact:
        sla.customer_made_contact(ticket, at, entry)
        ticket.waiting_on = Ticket.WaitingOn.US
        if entry.channel in WRITTEN and ticket.status.category == Category.WAITING_CUSTOMER:
            move(ticket, status_in(Category.OPEN), by=entry.by, at=at)
    if entry.channel == Channel.CALL and entry.direction == Direction.OUT:
        sla.call_placed(ticket, at)
    if is_reply(entry):
        sla.agent_replied(ticket, replied_at)
        ticket.waiting_on = Ticket.WaitingOn.CUSTOMER
        if ticket.status.category == Category.NEW:
            move(ticket, status_in(Category.OPEN), by=entry.by, at=max(at, replied_at))


def is_reply(entry: Interaction) -> bool:
    """A public message by a person of the desk, or a call that was answered and lasted."""
    if entry.channel == Channel.CALL:
        return entry.answered and entry.talk_seconds >= MIN_TALK_S
    by_staff = entry.by is not None and not entry.by.is_portal
    return by_staff and entry.direction == Direction.OUT and entry.channel in WRITTEN and entry.is_public
