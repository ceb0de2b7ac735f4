"""What the tickets of a period came from, what keeps them from coming again, and what customers suggest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from crmcore.models import Queue, User
from tickets.models import Ticket, TicketField

# Fields and a type that a desk begins with; where somebody removed them there is nothing to report.
CAUSE, CATEGORY, PARTY, PREVENTION = "root_cause", "task_category", "party", "prevention"
SUGGESTION = "suggestion"


@dataclass(frozen=True)
class Cause:
    """How many tickets came from one cause; `share` of all those whose cause is known, from 0 to 1."""

    code: str
    label: str
    tickets: int
    share: float


def opened_between(user: User, queues: Sequence[Queue], since: datetime, until: datetime) -> "QuerySet[Ticket]":
    """Tickets of these queues that were opened then, as far as the reader may see them."""
    return Ticket.objects.visible_to(user).filter(queue__in=queues, opened_at__gte=since, opened_at__lt=until)


def labels_of(*codes: str) -> dict[str, dict[str, str]]:
    """The choices of these fields by code, in the reader's language."""
    fields = TicketField.objects.filter(code__in=codes)
    return {field.code: {one.code: one.label for one in field.all_choices} for field in fields}


def with_cause(tickets: "QuerySet[Ticket]", causes: Sequence[str]) -> "QuerySet[Ticket]":
    """Those that came from one of these causes."""
    # By containment, which the index over the fields answers.
    known = [Q(fields__contains={CAUSE: code}) for code in causes]
    return tickets.filter(reduce(or_, known)) if known else tickets.none()


def suggestions(tickets: "QuerySet[Ticket]") -> "QuerySet[Ticket]":
    """What customers wish were different."""
    return tickets.filter(type__code=SUGGESTION)


def causes_of(tickets: "QuerySet[Ticket]", labels: dict[str, str]) -> list[Cause]:
    """The causes by how many tickets came from them, the most frequent first."""
    rows = with_cause(tickets, list(labels)).annotate(cause=KeyTextTransform(CAUSE, "fields"))
    counted = dict(rows.order_by().values_list("cause").annotate(Count("pk")))
    everything = sum(counted.values())
    found = [Cause(code, labels[code], number, number / everything) for code, number in counted.items()]
    return sorted(found, key=lambda cause: (-cause.tickets, cause.label))
