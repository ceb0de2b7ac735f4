"""A calendar changes while clocks run by it: what that does to them, and doing it."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from crmcore.actions.calendars import Hours, publish_hours
from crmcore.clock import now
from crmcore.later import run_later
from crmcore.models import Calendar, CalendarVersion, User
from crmcore.working_time import WorkingCalendar, working_calendar
from tickets.actions.changing import changing
from tickets.actions.clocks import Ledger, ledger_of, retarget_clock
from tickets.models import SlaClock, Ticket
from tickets.queries.ledger import Book, with_ledger
from tickets.queries.promises import Promise, terms_of
from tickets.sla_clock import is_late, replay


@dataclass(frozen=True)
class Effect:
    """Running clocks by what other hours do to their due moments; `overdue` are those that would be late at once."""

    sooner: int = 0
    later: int = 0
    overdue: int = 0

    @property
    def is_felt(self) -> bool:
        return bool(self.sooner or self.later)


def effect_of(calendar: Calendar, hours: Hours) -> Effect:
    """What publishing these hours would do to the clocks that run by the calendar. Raises CalendarError."""
    proposed, at = working_calendar(hours.time_zone, hours.weekly, hours.overrides), now()
    clocks = with_ledger(_pinned(calendar).filter(due_at__isnull=False))
    moves = [(clock.due_at, _due(Book.of(clock), proposed)) for clock in clocks]
    return Effect(
        sooner=sum(1 for was, due in moves if was and due and due < was),
        later=sum(1 for was, due in moves if was and (due is None or due > was)),
        overdue=sum(1 for was, due in moves if not is_late(was, at) and is_late(due, at)),
    )


@transaction.atomic
def change_hours(calendar: Calendar, hours: Hours, *, seen: int, by: User) -> CalendarVersion:
    """Publish other hours; running clocks are measured by them right after. Raises as `publish_hours`."""
    version = publish_hours(calendar, hours, seen=seen, by=by)
    if version.number != seen:
        run_later("tickets.follow_calendar", calendar.pk)
    return version


def follow_calendar(calendar: Calendar) -> int:
    """Pin the newest version to every live clock of the calendar, ticket by ticket; how many tickets had one."""
    version = CalendarVersion.objects.filter(calendar=calendar).latest("number")
    behind = _pinned(calendar).exclude(calendar_version=version)
    tickets = list(Ticket.objects.filter(clocks__in=behind).distinct().defer("search").order_by("pk"))
    for ticket in tickets:
        with changing(ticket) as locked:
            _follow(ledger_of(locked), version)
    return len(tickets)


def _follow(ledger: Ledger, version: CalendarVersion) -> None:
    for book in ledger.live():
        clock = book.clock
        pinned = clock.calendar_version
        if pinned is not None and pinned.calendar_id == version.calendar_id and clock.is_promised:
            retarget_clock(ledger, book, Promise(clock.policy_version, version, clock.target_s or 0))


def _pinned(calendar: Calendar) -> QuerySet[SlaClock]:
    promised = Q(target_s__isnull=False) | Q(pinned_due_at__isnull=False)
    return SlaClock.objects.filter(promised, state__in=SlaClock.LIVE, calendar_version__calendar=calendar).order_by(
        "pk"
    )


def _due(book: Book, calendar: WorkingCalendar) -> datetime | None:
    terms = terms_of(book.clock)
    if terms is None or terms.due_at is not None:
        return book.clock.due_at
    return replay(book.segments, replace(terms, calendar=calendar)).due_at
