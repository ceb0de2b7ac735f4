"""Requests of a customer that went into somebody else's: they keep their number, words and our replies."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from crmcore.models import User
from tickets.models import Category, Interaction, Ticket, TicketMerge
from tickets.queries.merged import parts_of, standing_merges, survivor_of, survivors_of

# Facts that a customer may know without the words written beside them.
FACTS = (
    Q(channel=Interaction.Channel.CALL, answered=True)
    | Q(event="status", detail__category="solved")
    | Q(event__in=("confirmed", "called_off"))
)


def unhidden(user: User) -> QuerySet[Ticket]:
    """The customer's tickets without void ones; those that were merged into a ticket of somebody else stay."""
    own = Ticket.objects.visible_to(user)
    elsewhere = standing_merges().filter(source=OuterRef("pk")).exclude(target__in=own)
    return own.exclude(Q(status__category=Category.VOID) & ~Exists(elsewhere))


def now_read_in(user: User, number: str) -> Ticket | None:
    """The customer's own ticket in which this one went on."""
    own = Ticket.objects.visible_to(user)
    gone = own.filter(number=number, status__category=Category.VOID).select_related("status").first()
    return own.filter(pk=survivor_of(gone).pk).first() if gone else None


def with_their_standing(tickets: Iterable[Ticket]) -> list[Ticket]:
    """Let each that went elsewhere say what became of it there. These rows are for reading, not for saving."""
    shown = list(tickets)
    ends = survivors_of(shown)
    for ticket in shown:
        end = ends.get(ticket.pk)
        if end is not None:
            ticket.status, ticket.assignee, ticket.is_active = end.status, end.assignee, end.is_active
            ticket.solved_at, ticket.waiting_on = end.solved_at, end.waiting_on
            ticket.confirmed_at, ticket.withdrawn_at = end.confirmed_at, end.withdrawn_at
            ticket._prefetched_objects_cache = {"clocks": end.clocks.all()}  # type: ignore[attr-defined]
    return shown


def said(ticket: Ticket, user: User) -> QuerySet[Interaction]:
    """What a customer reads of a request: of what went into it their own part, of where it went our replies."""
    own, parts = Ticket.objects.visible_to(user), parts_of(ticket)
    readable = Interaction.objects.visible_to(user).filter(ticket__in=parts).values("pk")
    rows = Q(pk__in=readable) | Q(FACTS, ticket__in=own.filter(pk__in=parts))
    return _entries(ticket, own, rows, user.contact_id)


def said_to_guest(ticket: Ticket) -> QuerySet[Interaction]:
    """What somebody without an account reads of the one request that they track: our words and their own."""
    theirs = Q(contact=ticket.contact_id) if ticket.contact_id else Q(pk__in=[])
    readable = Q(ticket=ticket, is_public=True) & (Q(direction=Interaction.Direction.OUT) | theirs)
    rows = readable | Q(FACTS, ticket=ticket)
    return _entries(ticket, Ticket.objects.filter(pk=ticket.pk), rows, ticket.contact_id)


def _entries(ticket: Ticket, own: QuerySet[Ticket], rows: Q, contact_id: int | None) -> QuerySet[Interaction]:
    """These rows of a request and, where it went into somebody else's, what that ticket says to all."""
    merge = TicketMerge.objects.filter(source=ticket, undone_at=None).first()
    end = survivor_of(Ticket.objects.select_related("status").get(pk=ticket.pk)) if merge else ticket
    if merge is not None and not own.filter(pk=end.pk).exists():
        since = Q(ticket=end, recorded_at__gte=merge.at)
        ours = Q(direction=Interaction.Direction.OUT, is_public=True) | Q(event="status", detail__category="solved")
        theirs = Q(contact=contact_id, is_public=True) if contact_id else Q(pk__in=[])
        rows |= since & (ours | theirs)
    return Interaction.objects.filter(rows).order_by("recorded_at", "pk")
