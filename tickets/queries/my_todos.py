"""The tasks that a person has to do, first due first."""

from dataclasses import dataclass
from datetime import datetime

from crmcore.models import User
from tickets.models import Ticket, Todo
from tickets.queries.keyset import Order, Page, page_of

BY_DUE = Order("due_at", ascending=True)


@dataclass(frozen=True)
class MyTodo:
    todo: Todo
    is_late: bool


def my_todos(user: User, at: str = "") -> Page[Todo]:
    """One page of what is open on tickets that the person may still see."""
    seen = Ticket.objects.visible_to(user).filter(todos__assignee=user, todos__done_at=None)
    rows = Todo.objects.filter(assignee=user, done_at=None, ticket__in=seen.values("pk"))
    shown = rows.select_related("ticket__status", "ticket__contact", "ticket__account").defer("ticket__search")
    return page_of(shown, BY_DUE, at)


def late(page: Page[Todo], now: datetime) -> list[MyTodo]:
    return [MyTodo(todo, todo.due_at is not None and todo.due_at < now) for todo in page.rows]
