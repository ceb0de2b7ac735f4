"""A ticket before one reader at one moment: what the parts of its page have in common, asked once."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from crmcore.models import User
from crmcore.queries.rights import rights_on
from tickets.models import (
    DispatchOrder,
    Reminder,
    StageVisit,
    Ticket,
    TicketLink,
    TicketOpportunity,
    TicketTag,
    TicketWatch,
    TimeEntry,
    Todo,
    Visit,
)
from tickets.queries.merged import parts_of, standing_merges

_TICKET = OuterRef("pk")
_HANGS_ON = {
    "merges": standing_merges().filter(target=_TICKET),
    "stages": StageVisit.objects.filter(ticket=_TICKET),
    "links": TicketLink.objects.filter(Q(source=_TICKET) | Q(target=_TICKET)),
    "opportunities": TicketOpportunity.objects.filter(ticket=_TICKET),
    "orders": DispatchOrder.objects.filter(ticket=_TICKET),
    "return visits": Visit.objects.filter(ticket=_TICKET),
    "tags": TicketTag.objects.filter(ticket=_TICKET),
    "tasks": Todo.objects.filter(ticket=_TICKET),
    "time": TimeEntry.objects.filter(ticket=_TICKET),
    "followers": TicketWatch.objects.filter(ticket=_TICKET),
    "reminders": Reminder.objects.filter(ticket=_TICKET, told_at=None),
}


@dataclass(frozen=True)
class Reading:
    """Who reads the ticket, when, and whether they may change it and give it to others."""

    ticket: Ticket
    user: User
    now: datetime
    may_edit: bool
    may_assign: bool

    @cached_property
    def has(self) -> frozenset[str]:
        """What hangs on the ticket at all: mostly little of it, and what is not there need not be asked for."""
        row = Ticket.objects.filter(pk=self.ticket.pk).values_list(*map(Exists, _HANGS_ON.values())).get()
        return frozenset(name for name, is_there in zip(_HANGS_ON, row, strict=True) if is_there)

    @cached_property
    def parts(self) -> list[int]:
        """The ticket and all that went into it."""
        return parts_of(self.ticket) if "merges" in self.has else [self.ticket.pk]

    @cached_property
    def colleagues(self) -> list[User]:
        """Who serves the ticket's queue besides the reader."""
        rows = User.objects.filter(queue_memberships__queue=self.ticket.queue_id, is_active=True)
        return list(rows.exclude(pk=self.user.pk).order_by("name", "pk"))


def reading_of(ticket: Ticket, user: User, now: datetime) -> Reading:
    rights = rights_on(user, ticket, "edit", "assign")
    return Reading(ticket, user, now, "edit" in rights, "assign" in rights)
