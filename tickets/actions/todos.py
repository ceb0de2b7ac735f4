"""Tasks on tickets: added, done, undone, given to people, removed; new tickets begin with the list of their type."""

from datetime import datetime, timedelta

from django.db.models import Max

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import require_reach
from tickets.actions.changing import changing
from tickets.actions.entries import append_event, names
from tickets.models import Ticket, Todo, TodoTemplate


def begin_list(ticket: Ticket) -> None:
    """The tasks with which a new ticket of this type begins; expects the ticket to be nobody else's."""
    templates = TodoTemplate.objects.filter(type=ticket.type, is_active=True).order_by("position", "pk")
    Todo.objects.bulk_create(
        Todo(
            ticket=ticket,
            name=template.name,
            name_zh=template.name_zh,
            position=place,
            is_mandatory=template.is_mandatory,
            due_at=ticket.opened_at + timedelta(hours=template.due_hours) if template.due_hours is not None else None,
        )
        for place, template in enumerate(templates)
    )


def add_todo(
    ticket: Ticket,
    name: str,
    *,
    by: User,
    assignee: User | None = None,
    due_at: datetime | None = None,
    is_mandatory: bool = False,
) -> Todo:
    """One more task, at the end of the list."""
    require_reach(by, "edit", ticket)
    with changing(ticket) as ticket:
        last = ticket.todos.aggregate(last=Max("position"))["last"]
        todo = Todo.objects.create(
            ticket=ticket,
            name=name,
            assignee=assignee,
            due_at=due_at,
            is_mandatory=is_mandatory,
            position=0 if last is None else last + 1,
        )
        _tell(ticket, todo, "added", by)
    return todo


def set_done(todo: Todo, *, by: User, done: bool) -> None:
    """Tick a task or take the tick back; ticked twice it was ticked once."""
    require_reach(by, "edit", todo.ticket)
    with changing(todo.ticket) as ticket:
        at = now()
        rows = Todo.objects.filter(pk=todo.pk, done_at__isnull=done)
        if rows.update(done_at=at if done else None, done_by=by if done else None):
            _tell(ticket, todo, "done" if done else "undone", by)


def give_todo(todo: Todo, *, to: User | None, by: User) -> None:
    require_reach(by, "edit", todo.ticket)
    with changing(todo.ticket) as ticket:
        if Todo.objects.filter(pk=todo.pk).exclude(assignee=to).update(assignee=to):
            _tell(ticket, todo, "given", by)


def remove_todo(todo: Todo, *, by: User) -> None:
    require_reach(by, "edit", todo.ticket)
    with changing(todo.ticket) as ticket:
        deleted, _models = Todo.objects.filter(pk=todo.pk).delete()
        if deleted:
            _tell(ticket, todo, "removed", by)


def _tell(ticket: Ticket, todo: Todo, what: str, by: User) -> None:
    if what != "given":
        append_event(ticket, "todo", by=by, at=now(), what=what, name=names(todo))
    audit.record(f"todo.{what}", ticket, by=by, detail={"todo": todo.pk, "name": todo.name})
