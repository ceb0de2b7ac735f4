"""The shipped types, statuses, policy, views and rules."""

from types import SimpleNamespace

from django.db import transaction

from crmcore.models import Calendar
from tickets.models import Rule, SavedView, SlaPolicy, SlaPolicyVersion, SlaTarget, TicketStatus, TicketType
from tickets.shipped_desk import install_rules, install_ticket_desk, install_views


@transaction.atomic
def ensure_ticket_defaults() -> None:
    """Create what a desk needs to open tickets, where it is missing; what somebody changed stays."""
    parts = (TicketType, TicketStatus, SlaPolicy, SlaPolicyVersion, SlaTarget, Calendar, SavedView, Rule)
    models = SimpleNamespace(**{part.__name__: part for part in parts})
    install_ticket_desk(models)
    install_views(models)
    install_rules(models)
