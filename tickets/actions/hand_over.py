"""Handing over what a leaver has in hand: open tickets and tasks."""

from django.db import transaction

from crmcore.actions.ownership import require_successor
from crmcore.models import User
from crmcore.permissions import require
from tickets.actions.lifecycle import assign_ticket
from tickets.actions.todos import give_todo
from tickets.queries.holdings import tickets_to_give, todos_to_give


@transaction.atomic
def hand_over_tickets(leaver: User, *, to: User, by: User) -> dict[str, int]:
    """Give the open tickets and tasks within the reach of `by` to `to`; how many of each. Again is no change."""
    require(by, "ticket", "assign")
    require_successor(leaver, to)
    todos = list(todos_to_give(leaver, by).select_related("ticket").order_by("ticket_id", "pk"))
    tickets = list(tickets_to_give(leaver, by).order_by("pk"))
    for ticket in tickets:
        assign_ticket(ticket, to=to, by=by)
    for todo in todos:
        give_todo(todo, to=to, by=by)
    return {"ticket": len(tickets), "todo": len(todos)}
