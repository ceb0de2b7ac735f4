"""Tags of a ticket that is locked already."""

from collections.abc import Iterable
from datetime import datetime

from crmcore.actions import audit
from crmcore.models import User
from tickets.actions.entries import append_event
from tickets.actions.sla import terms_changed
from tickets.models import Tag, Ticket, TicketTag
from tickets.queries.tags import key_of

MOST = 20


def retag(
    ticket: Ticket, *, by: User | None, at: datetime, add: Iterable[str] = (), remove: Iterable[str] = ()
) -> None:
    """Add and remove tags by name, however they are written; new words become tags. No more than 20 stay on it."""
    wanted = {key: name for name in add if (key := key_of(name))}
    unwanted = {key_of(name) for name in remove}
    present = {tag.key: tag for tag in ticket.tags.all()}
    gone = [tag for key, tag in present.items() if key in unwanted]
    room = MOST - len(present) + len(gone)
    fresh = [_tag(key, name) for key, name in wanted.items() if key not in present][:room]
    TicketTag.objects.filter(ticket=ticket, tag__in=gone).delete()
    TicketTag.objects.bulk_create([TicketTag(ticket=ticket, tag=tag, by=by) for tag in fresh], ignore_conflicts=True)
    if fresh or gone:
        detail = {"added": [tag.name for tag in fresh], "removed": [tag.name for tag in gone]}
        terms_changed(ticket)
        append_event(ticket, "tags", by=by, at=at, **detail)
        audit.record("ticket.tagged", ticket, by=by, detail=detail)


def _tag(key: str, name: str) -> Tag:
    return Tag.objects.get_or_create(key=key, defaults={"name": " ".join(name.split())[:40]})[0]
