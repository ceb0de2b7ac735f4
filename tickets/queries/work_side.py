"""What the side of a ticket says about the work on it: tags, tasks, time, who follows, when to be reminded."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise

from crmcore.models import User
from tickets.models import Reminder, Tag, Ticket, TimeEntry, Todo
from tickets.moments import CHOICES
from tickets.queries.readings import Reading


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


def work_on(reading: Reading) -> Work:
    ticket, user = reading.ticket, reading.user
    has = reading.has
    watches = ticket.watches.select_related("user").order_by("pk") if "followers" in has else ()
    followers = [watch.user for watch in watches]
    time = _worked(ticket, user, reading.now) if "time" in has else Worked([], 0, None)
    of_others = any(entry.user_id != user.pk for entry, _seconds in time.entries)
    return Work(
        tags=list(ticket.tags.order_by("key")) if "tags" in has else [],
        todos=list(ticket.todos.select_related("assignee", "done_by")) if "tasks" in has else [],
        time=time,
        followers=followers,
        is_followed=any(person.pk == user.pk for person in followers),
        reminder=_reminder(reading) if "reminders" in has else None,
        people=[user, *reading.colleagues] if reading.may_edit else [],
        may_edit=reading.may_edit,
        may_assign=reading.may_edit and of_others and reading.may_assign,
    )


def open_mandatory(ticket: Ticket) -> list[Todo]:
    """Tasks that must be done before the ticket is solved."""
    return list(ticket.todos.filter(is_mandatory=True, done_at=None))


def _reminder(reading: Reading) -> Reminder | None:
    return Reminder.objects.filter(ticket=reading.ticket, user=reading.user, told_at=None).first()


def _worked(ticket: Ticket, user: User, now: datetime) -> Worked:
    entries = [(entry, entry.worked(now)) for entry in ticket.time_entries.select_related("user").order_by("pk")]
    running = next((entry for entry, _s in entries if entry.seconds is None and entry.user_id == user.pk), None)
    return Worked(entries, sum(seconds for _entry, seconds in entries), running)
