"""Putting tags on tickets and taking them off."""

from collections.abc import Iterable

from crmcore.clock import now
from crmcore.models import User
from tickets.actions.changing import changing
from tickets.actions.tags import retag
from tickets.models import Ticket


def change_tags(ticket: Ticket, *, by: User | None, add: Iterable[str] = (), remove: Iterable[str] = ()) -> None:
    """Add and remove tags by name, see `tags.retag`."""
    with changing(ticket, by=by) as ticket:
        retag(ticket, by=by, at=now(), add=add, remove=remove)
