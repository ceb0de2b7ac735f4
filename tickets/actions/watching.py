"""Following tickets, and being reminded of them."""

from datetime import datetime

from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import require_reach
from tickets.actions.telling import tell_ticket
from tickets.models import Reminder, Ticket, TicketWatch


@transaction.atomic
def follow(ticket: Ticket, *, by: User, follows: bool) -> None:
    """Be told what happens on a ticket, or no longer; said twice it is said once."""
    require_reach(by, "view", ticket)
    if follows:
        _watch, changed = TicketWatch.objects.get_or_create(ticket=ticket, user=by, defaults={"since": now()})
    else:
        changed = bool(TicketWatch.objects.filter(ticket=ticket, user=by).delete()[0])
    if changed:
        audit.record("ticket.followed" if follows else "ticket.unfollowed", ticket, by=by)
        tell_ticket(ticket)


@transaction.atomic
def remind(ticket: Ticket, due_at: datetime | None, *, by: User, words: str = "") -> None:
    """Be told of a ticket at a moment instead of any other that was to come; without a moment not at all."""
    require_reach(by, "view", ticket)
    if due_at is None:
        Reminder.objects.filter(ticket=ticket, user=by, told_at=None).delete()
    else:
        facts = {"due_at": due_at, "words": words}
        Reminder.objects.update_or_create(ticket=ticket, user=by, told_at=None, defaults=facts)
    audit.record("ticket.reminder_set", ticket, by=by, detail={"at": due_at.isoformat() if due_at else None})
