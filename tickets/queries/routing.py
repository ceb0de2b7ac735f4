"""Whom a queue could give its tickets: members with room who can do what it asks for, in the queue's order."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, OuterRef, QuerySet

from crmcore.models import AgentPresence, User
from crmcore.models.presence import Chosen
from crmcore.permissions import may
from crmcore.queries.skills import Skills
from tickets.models import RoutingTurn, Ticket, TicketRouting
from tickets.queries.capacity import Load, loads_of, unclaimed

NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """A member of the queue with room. `suffices_after_s`: as long a ticket waits before this person will do."""

    user: User
    load: Load
    last_given: datetime
    suffices_after_s: float

    def will_do(self, ticket: Ticket, at: datetime) -> bool:
        return (at - ticket.opened_at).total_seconds() >= self.suffices_after_s


def waiting_in(routing: TicketRouting) -> QuerySet[Ticket]:
    """Tickets that the queue has to give out, the first due first."""
    return unclaimed().filter(queue=routing.queue_id)


def with_work() -> QuerySet[TicketRouting]:
    """Queues that have something to give out."""
    waiting = unclaimed().order_by().filter(queue=OuterRef("queue"))
    return TicketRouting.objects.filter(Exists(waiting)).select_related("queue").order_by("pk")


def candidates(routing: TicketRouting) -> list[Candidate]:
    """Who could be given a ticket of the queue now, whoever comes first in its order first."""
    people = [person for person in _members(routing) if may(person, "ticket", "edit")]
    ids = [person.pk for person in people]
    loads, skills = loads_of(ids), Skills([routing.queue_id], ids)
    turns = dict(RoutingTurn.objects.filter(queue=routing.queue_id, user__in=ids).values_list("user_id", "at"))
    found = []
    for person in people:
        after_s = skills.suffice_after(routing.queue_id, person.pk)
        if loads[person.pk].has_room and after_s is not None:
            found.append(Candidate(person, loads[person.pk], turns.get(person.pk, NEVER), after_s))
    return in_order(found, routing.order)


def in_order(people: Iterable[Candidate], order: str) -> list[Candidate]:
    """In turn: whoever was given one the longest ago; else by the share of what one may have, and then in turn."""
    by_room = order == TicketRouting.Order.MOST_ROOM
    return sorted(people, key=lambda one: (one.load.share if by_room else 0.0, one.last_given, one.user.pk))


def _members(routing: TicketRouting) -> QuerySet[User]:
    people = User.objects.filter(
        queue_memberships__queue=routing.queue_id, kind=User.Kind.STAFF, is_active=True
    ).order_by("pk")
    if not routing.only_ready:
        return people
    ready = AgentPresence.objects.filter(user=OuterRef("pk"), chosen=Chosen.AVAILABLE, device_ok=True)
    return people.filter(Exists(ready))
