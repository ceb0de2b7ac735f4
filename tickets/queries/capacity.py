"""What somebody has in hand, may have, and could take next. Calls come first and weigh whole: none beside a ticket."""

from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from crmcore.actions.presence import AT_WORK
from crmcore.models import AgentPresence, User
from tickets.models import Ticket, TicketCapacity
from tickets.models.capacity import USUAL


@dataclass(frozen=True)
class Load:
    """Tickets that wait for this person, how many he may have, and whether a call has him whole."""

    in_hand: int
    at_once: int
    is_called: bool

    @property
    def has_room(self) -> bool:
        return not self.is_called and self.in_hand < self.at_once


def load_of(user: User) -> Load:
    """Tickets that wait for the customer weigh nothing."""
    mine = Ticket.objects.filter(assignee=user, is_active=True, waiting_on=Ticket.WaitingOn.US)
    is_called = AgentPresence.objects.filter(user=user, system__in=AT_WORK).exists()
    return Load(mine.count(), capacity_of(user), is_called)


def capacity_of(user: User) -> int:
    """The highest limit of the person's roles, else the desk's."""
    rows = TicketCapacity.objects.filter(Q(role=None) | Q(role__in=user.roles.all()))
    limits: dict[int | None, int] = dict(rows.values_list("role_id", "at_once"))
    desk = limits.pop(None, USUAL)
    return max(limits.values(), default=desk)


def untaken(user: User) -> QuerySet[Ticket]:
    """Tickets that wait for us in the person's queues and are nobody's, the first due first."""
    mine = Ticket.objects.visible_to(user, "edit").filter(queue__memberships__user=user)
    free = Ticket.objects.filter(
        pk__in=mine.values("pk"), is_active=True, assignee=None, waiting_on=Ticket.WaitingOn.US
    )
    return free.order_by(F("sla_due_at").asc(nulls_last=True), "id")
