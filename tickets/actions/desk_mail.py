"""Mail that the desk writes by itself: an entry on the ticket, and a mail that no robot answers."""

from tickets.actions.entries import Channel, Direction
from tickets.actions.interactions import log_interaction
from tickets.actions.mail_drafting import Envelope, new_mail
from tickets.mail.addresses import Address
from tickets.models import Mail, Mailbox, Ticket


def write_by_itself(
    mailbox: Mailbox,
    ticket: Ticket,
    to: Address,
    words: str,
    *,
    is_public: bool,
    answered: Mail | None = None,
    said: str = "",
) -> None:
    """Write to one person in the active language; `said` names what it is, for the timeline."""
    entry = log_interaction(
        ticket=ticket,
        account=ticket.account,
        contact=ticket.contact,
        channel=Channel.EMAIL,
        direction=Direction.OUT,
        body=words,
        is_public=is_public,
        by=None,
        detail={"said": said} if said else None,
    )
    new_mail(mailbox, ticket, Envelope((to,)), entry=entry, answered=answered, is_automatic=True)
