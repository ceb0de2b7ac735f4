"""Telling screens of what was entered on a timeline."""

from crmcore import live
from tickets.events import InteractionAdded
from tickets.models import Interaction


def tell_interaction(interaction: Interaction) -> None:
    """Tell those who look at the ticket, the account or, of what is public, the contact."""
    event = InteractionAdded(
        interaction_id=interaction.pk,
        ticket_id=interaction.ticket_id,
        seq=interaction.seq,
        channel=interaction.channel,
    )
    # The contact's own screens listen too, and customers are not told of notes.
    internal = interaction.channel in (Interaction.Channel.NOTE, Interaction.Channel.SYSTEM)
    for noun in ("ticket", "account") if internal else ("ticket", "account", "contact"):
        if (key := getattr(interaction, f"{noun}_id")) is not None:
            live.publish(f"{noun}:{key}", event)
