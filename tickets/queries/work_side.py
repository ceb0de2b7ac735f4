"""What the side of a ticket says about the work on it: tags, tasks, time, who follows, when to be reminded."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from crmcore.models import User
from crmcore.queries.rights import reaches
from tickets.models import Reminder, Tag, Ticket, TimeEntry, Todo
from tickets.moments import CHOICES


@dataclass(frozen=True)
class Worked:
    """Time entries with the seconds of each until now, their sum, and the reader's running timer on this ticket."""

    entries: list[tuple[TimeEntry, int]]
    seconds: int
    running: TimeEntry | None


@dataclass(frozen=True)
class Work:
    """`people` may be given tasks, `may_assign` is to correct others' time; without the right to change no forms."""

    tags: list[Tag]
    todos: list[Todo]
    time: Worked
    followers: list[User]
    is_followed: bool
    reminder: Reminder | None
    people: list[User]
    may_edit: bool
    may_assign: bool

    @property
    def moments(self) -> list[tuple[str, Promise]]:
        return list(CHOICES.items())

    @property
    def done(self) -> int:
        return sum(todo.done_at is not None for todo in self.todos)


def work_on(ticket: Ticket, user: User, now: datetime) -> Work:
    followers = [watch.user for watch in ticket.watches.select_related("user").order_by("pk")]
    may_edit = reaches(user, "edit", ticket)
    time = _worked(ticket, user, now)
    of_others = any(entry.user_id != user.pk for entry, _seconds in time.entries)
    return Work(
        tags=list(ticket.tags.order_by("key")),
        todos=list(ticket.todos.select_related("assignee", "done_by")),
        time=time,
        followers=followers,
        is_followed=any(person.pk == user.pk for person in followers),
        reminder=Reminder.objects.filter(ticket=ticket, user=user, told_at=None).first(),
        people=_people(ticket, user) if may_edit else [],
        may_edit=may_edit,
        may_assign=may_edit and of_others and reaches(user, "assign", ticket),
    )


def open_mandatory(ticket: Ticket) -> list[Todo]:
    """Tasks that must be done before the ticket is solved."""
    return list(ticket.todos.filter(is_mandatory=True, done_at=None))


def _worked(ticket: Ticket, user: User, now: datetime) -> Worked:
    entries = [(entry, entry.worked(now)) for entry in ticket.time_entries.select_related("user").order_by("pk")]
    running = next((entry for entry, _s in entries if entry.seconds is None and entry.user_id == user.pk), None)
    return Worked(entries, sum(seconds for _entry, seconds in entries), running)


def _people(ticket: Ticket, user: User) -> list[User]:
    """Who serves the queue, the reader first."""
    rows = User.objects.filter(queue_memberships__queue=ticket.queue_id, is_active=True).exclude(pk=user.pk)
    return [user, *rows.order_by("name", "pk")]
