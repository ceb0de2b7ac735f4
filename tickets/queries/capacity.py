"""What people have in hand, may have, and could take next. Calls come first and weigh whole: none beside a ticket."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from crmcore.actions.presence import AT_WORK
from crmcore.models import AgentPresence, User
from tickets.models import Chat, Ticket, TicketCapacity
from tickets.models.capacity import USUAL

# Tickets that wait for the customer weigh nothing.
WEIGHS = Q(is_active=True, waiting_on=Ticket.WaitingOn.US)


@dataclass(frozen=True)
class Load:
    """Tickets that wait for this person, how many he may have, and whether a call has him whole."""

    in_hand: int
    at_once: int
    is_called: bool

    @property
    def has_room(self) -> bool:
        return not self.is_called and self.in_hand < self.at_once

    @property
    def share(self) -> float:
        """How much of what this person may have is in hand; 1 is all."""
        return self.in_hand / self.at_once


def load_of(user: User) -> Load:
    """`loads_of` for one person."""
    return loads_of([user.pk])[user.pk]


def loads_of(user_ids: Collection[int]) -> dict[int, Load]:
    """What each of these people has in hand and may have; three statements, however many they are."""
    mine = Ticket.objects.filter(WEIGHS, assignee__in=user_ids).order_by().values("assignee").annotate(n=Count("pk"))
    in_hand: dict[int, int] = dict(mine.values_list("assignee", "n"))
    called = set(AgentPresence.objects.filter(user__in=user_ids, system__in=AT_WORK).values_list("user_id", flat=True))
    limits = capacities_of(user_ids)
    return {user_id: Load(in_hand.get(user_id, 0), limits[user_id], user_id in called) for user_id in user_ids}


def capacity_of(user: User) -> int:
    """`capacities_of` for one person."""
    return capacities_of([user.pk])[user.pk]


def capacities_of(user_ids: Collection[int]) -> dict[int, int]:
    """The highest limit of each person's roles, else the desk's."""
    desk = TicketCapacity.objects.filter(role=None).values("at_once")[:1]
    limit = Coalesce(Max("roles__ticket_capacity__at_once"), desk, USUAL)
    return dict(User.objects.filter(pk__in=user_ids).annotate(limit=limit).values_list("pk", "limit"))


def unclaimed() -> QuerySet[Ticket]:
    """Tickets that wait for us and are nobody's, the first due first; a chat that waits brings its own person."""
    chats = Chat.objects.filter(ticket=OuterRef("pk"), ended_at=None)
    free = Ticket.objects.filter(~Exists(chats), WEIGHS, assignee=None)
    return free.order_by(F("sla_due_at").asc(nulls_last=True), "id")


def untaken(user: User) -> QuerySet[Ticket]:
    """Unclaimed tickets of the person's queues."""
    mine = Ticket.objects.visible_to(user, "edit").filter(queue__memberships__user=user)
    return unclaimed().filter(pk__in=mine.values("pk"))
