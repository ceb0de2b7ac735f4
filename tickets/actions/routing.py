"""Giving out tickets: queues that do it by themselves hand each waiting one to one person with room, never two.

Locks are taken as by whoever takes the next ticket: the person first, then the ticket. What finds nobody waits.
"""

from collections.abc import Collection

import structlog
from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import Queue, User
from crmcore.permissions import require
from crmcore.queries.rights import reaches
from tickets.actions.lifecycle import assign_ticket
from tickets.models import RoutingTurn, Ticket, TicketRouting
from tickets.queries.capacity import load_of
from tickets.queries.routing import Candidate, candidates, waiting_in, with_work

log = structlog.get_logger(__name__)

# With a queue whose first tickets nobody can do, the rest still gets its turn.
LOOK_AHEAD = 50


def give_out() -> int:
    """Hand out what waits, in every queue that does so by itself; how many tickets. Safe to run anywhere, at once."""
    given = 0
    for routing_id in with_work().values_list("pk", flat=True):
        try:
            given += _give_all(routing_id)
        except Exception:
            log.exception("tickets.not_given_out", routing=routing_id)
    return given


def _give_all(routing_id: int) -> int:
    # A rule may take away at once what was given here: no ticket is given twice in one round.
    given: set[int] = set()
    while ticket_id := _give_one(routing_id, given):
        given.add(ticket_id)
    return len(given)


@transaction.atomic
def _give_one(routing_id: int, given: Collection[int]) -> int | None:
    """One more ticket, in a transaction of its own; a queue that another process gives out just now is left to it."""
    rows = TicketRouting.objects.select_for_update(of=("self",), skip_locked=True)
    routing = rows.filter(pk=routing_id).first()
    people = candidates(routing) if routing else []
    if routing is None or not people:
        return None
    at = now()
    for ticket in waiting_in(routing).exclude(pk__in=given)[:LOOK_AHEAD]:
        if any(_hand_over(ticket, person) for person in people if person.will_do(ticket, at)):
            return ticket.pk
    return None


def _hand_over(ticket: Ticket, person: Candidate) -> bool:
    """Whether the person got it: both still free under their locks, and the ticket within reach."""
    rows = User.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
    user = rows.filter(pk=person.user.pk, is_active=True).first()
    if user is None or not load_of(user).has_room or not reaches(user, "edit", ticket):
        return False
    free = Ticket.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=ticket.pk, assignee=None)
    if not free.filter(is_active=True).exists():
        return False
    RoutingTurn.objects.update_or_create(queue=ticket.queue, user=user, defaults={"at": now()})
    assign_ticket(ticket, to=user, by=None)
    return True


@transaction.atomic
def set_routing(queue: Queue, order: str, *, only_ready: bool, by: User) -> None:
    """Let the queue give out its tickets in this order, or leave it to people where `order` is empty."""
    require(by, "settings", "edit")
    if not order:
        TicketRouting.objects.filter(queue=queue).delete()
    else:
        TicketRouting.objects.update_or_create(queue=queue, defaults={"order": order, "only_ready": only_ready})
    audit.record("routing.changed", queue, by=by, detail={"order": order, "only_ready": only_ready})
