"""What is asked of others about a ticket, for its page."""

from dataclasses import dataclass

from django.db.models import Count

from tickets.models import Mail, SideConversation, Ticket


@dataclass(frozen=True)
class SideThread:
    """A conversation beside the ticket with its mails from old to new."""

    side: SideConversation
    mails: list[Mail]


def side_conversations_of(ticket: Ticket) -> list[SideConversation]:
    """The latest first, each with how many mails it has (`count`)."""
    return list(ticket.side_conversations.annotate(count=Count("mails")))


def side_thread(side: SideConversation) -> SideThread:
    """The mails of one conversation with their words and files."""
    rows = side.mails.exclude(interaction=None).select_related("interaction", "by")
    return SideThread(side, list(rows.prefetch_related("interaction__attachments").order_by("pk")))
