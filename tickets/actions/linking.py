"""Tying tickets to one another, and untying them; both timelines say so."""

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import require_reach
from tickets.actions.changing import changing
from tickets.actions.entries import append_event
from tickets.actions.moves import WrongMove
from tickets.models import Ticket, TicketLink
from tickets.queries.linked import is_below

_SINGLE = (TicketLink.Kind.CHILD, TicketLink.Kind.INCIDENT)
_SYMMETRIC = (TicketLink.Kind.RELATES,)


@transaction.atomic
def link_tickets(source: Ticket, kind: str, target: Ticket, *, by: User) -> TicketLink:
    """Say how `source` has to do with `target`; said twice it is said once, a second parent replaces the first.

    Needs the right to change the source and to see the target. Raises WrongMove.
    """
    require_reach(by, "edit", source)
    require_reach(by, "view", target)
    if source == target:
        raise WrongMove(_("A ticket cannot be linked to itself."))
    if kind == TicketLink.Kind.CHILD and is_below(target, source):
        raise WrongMove(_("%(number)s is itself a part of this ticket.") % {"number": target.number})
    if kind in _SYMMETRIC:
        known = TicketLink.objects.filter(source=target, target=source, kind=kind).first()
        if known is not None:
            return known
    if kind in _SINGLE:
        for former in TicketLink.objects.filter(source=source, kind=kind).exclude(target=target):
            unlink_tickets(former, by=by)
    facts = {"by": by, "at": now()}
    link, created = TicketLink.objects.get_or_create(source=source, target=target, kind=kind, defaults=facts)
    if created:
        _tell(link, "linked", by)
    return link


@transaction.atomic
def unlink_tickets(link: TicketLink, *, by: User) -> None:
    """Needs the right to change the ticket that holds the link. Asked twice it is done once."""
    require_reach(by, "edit", link.source)
    deleted, _models = TicketLink.objects.filter(pk=link.pk).delete()
    if deleted:
        _tell(link, "unlinked", by)


def _tell(link: TicketLink, event: str, by: User) -> None:
    at = now()
    sides = [(link.source, link.target, False), (link.target, link.source, True)]
    for own, other, is_reversed in sorted(sides, key=lambda side: side[0].pk):
        with changing(own) as ticket:
            append_event(ticket, event, by=by, at=at, kind=link.kind, number=other.number, reversed=is_reversed)
    detail = {"kind": link.kind, "target": link.target_id}
    audit.record(f"ticket.{event}", link.source, by=by, detail=detail)
