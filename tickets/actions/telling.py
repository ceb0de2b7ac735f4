"""Telling screens of what was entered on a timeline, and that a ticket is no longer what they show."""

from crmcore import live
from tickets.events import InteractionAdded, TicketChanged
from tickets.models import Interaction, Ticket


def tell_interaction(interaction: Interaction) -> None:
    """Tell those who look at the ticket, the account or, of what is public, the contact."""
    event = InteractionAdded(
        interaction_id=interaction.pk,
        ticket_id=interaction.ticket_id,
        seq=interaction.seq,
        channel=interaction.channel,
    )
    # The contact's own screens listen too, and customers are not told of notes.
    internal = interaction.direction == Interaction.Direction.INTERNAL
    for noun in ("ticket", "account") if internal else ("ticket", "account", "contact"):
        if (key := getattr(interaction, f"{noun}_id")) is not None:
            live.publish(f"{noun}:{key}", event)


def ticket_changed(ticket: Ticket) -> TicketChanged:
    return TicketChanged(
        ticket_id=ticket.pk,
        seq=ticket.seq,
        queue_id=ticket.queue_id,
        assignee_id=ticket.assignee_id,
        sla_state=ticket.sla_state,
    )


def tell_ticket(ticket: Ticket) -> None:
    """Tell those who have the ticket open; no list and no counter depends on what changed."""
    live.publish(f"ticket:{ticket.pk}", ticket_changed(ticket))
