"""What a ticket is linked to, its parts and how far they are, and what stands in the way of solving it."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from crmcore.models import User
from tickets.models import Category, Ticket, TicketLink
from tickets.queries.work_side import open_mandatory
from tickets.queries.worklists import search

FOUND = 12
Kind = TicketLink.Kind


@dataclass(frozen=True)
class Linked:
    """One link as the reader's ticket has it; `may_untie` where the reader's ticket holds it."""

    link: TicketLink
    other: Ticket
    words: str
    may_untie: bool


@dataclass(frozen=True)
class Links:
    """Links with the parts of a ticket counted: how many there are and how many of them are done."""

    rows: list[Linked]
    parts: int
    done: int

    @property
    def share(self) -> int:
        return 100 * self.done // self.parts if self.parts else 0


def links_of(ticket: Ticket, user: User) -> Links:
    """The links to tickets that the reader may see."""
    links = TicketLink.objects.filter(Q(source=ticket) | Q(target=ticket)).order_by("kind", "pk")
    rows = [_seen(link, ticket) for link in links.select_related("source__status", "target__status")]
    seen = set(
        Ticket.objects.visible_to(user).filter(pk__in=[row.other.pk for row in rows]).values_list("pk", flat=True)
    )
    shown = [row for row in rows if row.other.pk in seen]
    parts = [row.other for row in rows if row.link.kind == Kind.CHILD and row.link.target_id == ticket.pk]
    return Links(shown, len(parts), sum(not part.is_active for part in parts))


def open_parts(ticket: Ticket, user: User) -> QuerySet[Ticket]:
    """The tickets below this one that are not done and that the user may change."""
    return _open_from(ticket, user, Kind.CHILD)


def open_incidents(ticket: Ticket, user: User) -> QuerySet[Ticket]:
    """The open tickets that this one has caused and that the user may change."""
    return _open_from(ticket, user, Kind.INCIDENT)


def must_ask(ticket: Ticket, user: User, category: str) -> bool:
    """Whether something hangs on a ticket that somebody is about to end."""
    if category not in (Category.SOLVED, Category.CLOSED) or not ticket.is_active:
        return False
    return bool(open_parts(ticket, user).exists() or open_incidents(ticket, user).exists() or open_mandatory(ticket))


def others_for(ticket: Ticket, user: User, words: str) -> list[Ticket]:
    """Tickets that this one may be linked to: by words, else the same customer's latest."""
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(user).exclude(pk=ticket.pk)
    if words:
        rows = search(rows, words)
    elif ticket.contact_id or ticket.account_id:
        rows = rows.filter(contact=ticket.contact_id, account=ticket.account_id)
    else:
        return []
    return list(rows.select_related("status", "contact", "account").defer("search").order_by("-last_event_at")[:FOUND])


def is_below(ticket: Ticket, top: Ticket) -> bool:
    """Whether a ticket is a part of another one, at any remove."""
    seen: set[int] = set()
    at: int | None = ticket.pk
    while at is not None and at not in seen:
        seen.add(at)
        at = TicketLink.objects.filter(source=at, kind=Kind.CHILD).values_list("target_id", flat=True).first()
    return top.pk in seen


def _open_from(ticket: Ticket, user: User, kind: str) -> QuerySet[Ticket]:
    rows = Ticket.objects.visible_to(user, "edit").filter(links__target=ticket, links__kind=kind, is_active=True)
    return rows.select_related("status", "contact", "account", "assignee").defer("search").order_by("pk")


def _seen(link: TicketLink, ticket: Ticket) -> Linked:
    if link.source_id == ticket.pk:
        return Linked(link, link.target, str(Kind(link.kind).label), may_untie=True)
    return Linked(link, link.source, str(TicketLink.REVERSED[Kind(link.kind)]), may_untie=False)
