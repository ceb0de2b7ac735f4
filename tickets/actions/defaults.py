"""The shipped types, statuses, policy and views."""

from types import SimpleNamespace

from django.db import transaction

from crmcore.models import Calendar
from tickets.models import SavedView, SlaPolicy, SlaPolicyVersion, SlaTarget, TicketStatus, TicketType
from tickets.shipped_desk import install_ticket_desk, install_views


@transaction.atomic
def ensure_ticket_defaults() -> None:
    """Create what a desk needs to open tickets, where it is missing; what somebody changed stays."""
    parts = (TicketType, TicketStatus, SlaPolicy, SlaPolicyVersion, SlaTarget, Calendar, SavedView)
    models = SimpleNamespace(**{part.__name__: part for part in parts})
    install_ticket_desk(models)
    install_views(models)
