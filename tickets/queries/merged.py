"""Tickets that went into others: where to, what a ticket holds, and what could go in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Q, QuerySet, Subquery

from crmcore.models import User
from crmcore.queries.rights import reaches
from tickets.models import Category, Interaction, Ticket, TicketMerge
from tickets.queries.worklists import search

UNDO_WITHIN = timedelta(minutes=30)
FOUND = 12


@dataclass(frozen=True)
class Merged:
    """Where a ticket went, or what went into it, the latest last; `may_undo` is about that latest one."""

    into: TicketMerge | None
    sources: list[TicketMerge]
    may_undo: bool

    @property
    def latest(self) -> TicketMerge | None:
        return self.sources[-1] if self.sources else None


def standing_merges() -> QuerySet[TicketMerge]:
    """Those that were not undone."""
    return TicketMerge.objects.filter(undone_at=None)


WENT_INTO = Subquery(standing_merges().filter(source=OuterRef("pk")).values("target__number")[:1])


def parts_of(ticket: Ticket) -> list[int]:
    """The ticket and all that went into it, at any remove."""
    parts = [ticket.pk]
    found = parts
    while found:
        found = list(standing_merges().filter(target__in=found).values_list("source_id", flat=True))
        parts += found
    return parts


def survivors_of(tickets: Iterable[Ticket]) -> dict[int, Ticket]:
    """For each of these that went into another, by its id, the ticket in which it ended up."""
    ends: dict[int, Ticket] = {}
    asked = {ticket.pk: ticket.pk for ticket in tickets if ticket.status.category == Category.VOID}
    while asked:
        rows = standing_merges().filter(source__in=asked.values())
        shown = rows.select_related("target__status", "target__assignee", "target__type", "target__queue")
        steps = {merge.source_id: merge.target for merge in shown}
        reached = {first: steps[last] for first, last in asked.items() if last in steps}
        ends |= reached
        asked = {first: end.pk for first, end in reached.items()}
    return ends


def survivor_of(ticket: Ticket) -> Ticket:
    """The ticket in which this one ended up, mostly itself."""
    return survivors_of([ticket]).get(ticket.pk, ticket)


def merged(ticket: Ticket, user: User, now: datetime) -> Merged:
    rows = standing_merges().select_related("source__status", "target", "by").order_by("pk")
    into = rows.filter(source=ticket).first() if ticket.status.category == Category.VOID else None
    sources = list(rows.filter(target=ticket))
    latest = into or (sources[-1] if sources else None)
    may = latest is not None and may_be_undone(latest, now) and reaches(user, "edit", ticket)
    return Merged(into, sources, may)


def may_be_undone(merge: TicketMerge, now: datetime) -> bool:
    """For half an hour, then as long as nothing was added; the later of two merges goes first."""
    if standing_merges().filter(Q(target=merge.target, pk__gt=merge.pk) | Q(source=merge.target)).exists():
        return False
    return now <= merge.at + UNDO_WITHIN or merge.target.seq == merge.target_seq


def entries_of(ticket: Ticket, user: User, parts: Sequence[int] = ()) -> QuerySet[Interaction]:
    """What stands on the ticket's timeline; who may read it reads what went into it (`parts`, where they are known)."""
    parts = parts or parts_of(ticket)
    if len(parts) == 1:
        return Interaction.objects.visible_to(user).filter(ticket=ticket)
    ending = Q(event="merged_away") | Q(event="status", detail__category=Category.VOID)
    rows = Interaction.objects.filter(ticket__in=parts).exclude(ending & ~Q(ticket=ticket))
    return rows if reaches(user, "view", ticket) else rows.none()


def who_else_reads(ticket: Ticket) -> list[str]:
    """Other customers, whose tickets went into this one: they read our replies on the portal."""
    rows = standing_merges().filter(target=ticket, source__contact__isnull=False)
    return list(
        rows.exclude(source__contact=ticket.contact_id).values_list("source__contact__name", flat=True).distinct()
    )


def candidates(ticket: Ticket, user: User, words: str) -> list[Ticket]:
    """Tickets that the user may merge with this one: by words, else the same customer's latest."""
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(user, "edit").exclude(pk=ticket.pk)
    rows = rows.exclude(status__category__in=(Category.CLOSED, Category.VOID))
    if words:
        rows = search(rows, words)
    elif ticket.contact_id:
        rows = rows.filter(contact=ticket.contact_id)
    elif ticket.account_id:
        rows = rows.filter(account=ticket.account_id)
    else:
        return []
    shown = rows.select_related("status", "type", "queue", "assignee", "account", "contact").defer("search")
    return list(shown.order_by("-last_event_at", "-pk")[:FOUND])
