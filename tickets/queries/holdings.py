"""The open tickets and tasks that a member of staff has in hand."""

from django.db.models import QuerySet

from crmcore.models import User
from tickets.models import Ticket, Todo


def open_tickets_of(person: User) -> QuerySet[Ticket]:
    return Ticket.objects.filter(assignee=person, is_active=True)


def open_todos_of(person: User) -> QuerySet[Todo]:
    return Todo.objects.filter(assignee=person, done_at=None, ticket__is_active=True)


def tickets_to_give(person: User, by: User) -> QuerySet[Ticket]:
    """Those tickets that `by` may assign."""
    within = Ticket.objects.visible_to(by, "assign").values("pk")
    return open_tickets_of(person).filter(pk__in=within)


def todos_to_give(person: User, by: User) -> QuerySet[Todo]:
    """Those tasks that stand on tickets which `by` may change."""
    within = Ticket.objects.visible_to(by, "edit").values("pk")
    return open_todos_of(person).filter(ticket__in=within)
