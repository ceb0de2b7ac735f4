"""The shipped types, statuses and policy."""

from types import SimpleNamespace

from django.db import transaction

from crmcore.models import Calendar
from tickets.models import SlaPolicy, SlaPolicyVersion, SlaTarget, TicketStatus, TicketType
from tickets.shipped_desk import install_ticket_desk


@transaction.atomic
def ensure_ticket_defaults() -> None:
    """Create what a desk needs to open tickets, where it is missing; what somebody changed stays."""
    parts = (TicketType, TicketStatus, SlaPolicy, SlaPolicyVersion, SlaTarget, Calendar)
    install_ticket_desk(SimpleNamespace(**{part.__name__: part for part in parts}))
