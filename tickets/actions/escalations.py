"""Steps of a ladder, done: people are told, the priority rises, the ticket goes to somebody else or a tier up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from crmcore.actions.notices import notify_all
from crmcore.models import NoticeKind, Queue, Team, User
from tickets.actions.clocks import Ledger
from tickets.actions.entries import append_event
from tickets.actions.moves import hand_to, pass_to_queue, prioritise
from tickets.models import Priority, SlaClock, Ticket
from tickets.queries.ledger import Book
from tickets.sla_clock import Entry
from tickets.sla_ladder import Act, Step, usual_steps

# Who comes back to a desk that stood still reads one line, not a hundred.
NEWS_FOR = timedelta(minutes=15)
_DUE_SOON = _("%(number)s is due soon: %(clock)s. %(subject)s")
_OVERDUE = _("%(number)s is overdue: %(clock)s. %(subject)s")


@dataclass
class Digest:
    """People who would have been told long ago had the desk been running."""

    people: dict[int, User] = field(default_factory=dict)
    at: datetime | None = None

    def add(self, people: list[User], at: datetime) -> None:
        self.people |= {person.pk: person for person in people}
        self.at = at

    def send(self) -> None:
        """One line for each of them, and one only while the desk catches up."""
        if self.at is None:
            return
        notify_all(
            self.people.values(),
            NoticeKind.DIGEST,
            _("While the desk stood still, clocks of your tickets ran out. Look at what is overdue first."),
            url=f"{reverse('tickets:list')}?view=breaching",
            key=f"sla:digest:{self.at:%Y-%m-%dT%H}",
        )


def take_step(ledger: Ledger, book: Book, entry: Entry, digest: Digest) -> None:
    """Do what the step says; a person or queue that is gone, or nobody to tell, makes it no more than a line."""
    version = book.clock.policy_version
    step = Step.read((version.steps if version else usual_steps())[entry.step - 1])
    if step.act in _TOLD:
        people = [person for person in _TOLD[step.act](ledger.ticket, step) if person is not None]
        if ledger.now - entry.at > NEWS_FOR:
            digest.add(people, ledger.now)
        else:
            _tell(people, ledger.ticket, book.clock, entry)
    elif step.act in _ACTS:
        facts = {"act": step.act.value, "metric": book.clock.metric}
        append_event(ledger.ticket, "escalated", by=None, at=ledger.now, **facts)
        _ACTS[step.act](ledger.ticket, step, ledger.now)


def _tell(people: list[User], ticket: Ticket, clock: SlaClock, entry: Entry) -> None:
    overdue = clock.due_at is not None and entry.at > clock.due_at
    notify_all(
        people,
        NoticeKind.OVERDUE if overdue else NoticeKind.DUE_SOON,
        _OVERDUE if overdue else _DUE_SOON,
        facts={"number": ticket.number, "clock": lazy(lambda: clock.label, str)(), "subject": ticket.subject},
        url=ticket.get_absolute_url(),
        key=f"sla:{clock.pk}:{clock.period}:{entry.step}",
    )


def _owner(ticket: Ticket, step: Step) -> list[User | None]:
    """Who has it in hand; the leader while nobody has."""
    return [ticket.assignee] if ticket.assignee else _leader(ticket, step)


def _leader(ticket: Ticket, _step: Step) -> list[User | None]:
    """Who leads the queue's team; the next above where that is the owner, or nobody."""
    team: Team | None = ticket.queue.team
    while team is not None and (team.leader is None or team.leader == ticket.assignee):
        team = team.parent
    return [team.leader] if team else []


def _person(_ticket: Ticket, step: Step) -> list[User | None]:
    return [_staff(step.who)]


def _raise(ticket: Ticket, _step: Step, at: datetime) -> None:
    order = list(Priority)
    higher = order[min(order.index(Priority(ticket.priority)) + 1, len(order) - 1)]
    prioritise(ticket, higher, by=None, at=at)


def _assign(ticket: Ticket, step: Step, at: datetime) -> None:
    person = _staff(step.who)
    if person is not None:
        hand_to(ticket, person, by=None, at=at)


def _move(ticket: Ticket, step: Step, at: datetime) -> None:
    queue = Queue.objects.filter(pk=step.who or 0, is_active=True).first()
    if queue is not None:
        _pass_on(ticket, queue, at)


def _climb(ticket: Ticket, _step: Step, at: datetime) -> None:
    """To the first queue of the nearest team above that has one; a team without a queue has a leader perhaps."""
    team = ticket.queue.team.parent
    while team is not None:
        queue = Queue.objects.filter(team=team, is_active=True).order_by("position", "pk").first()
        if queue is not None:
            _pass_on(ticket, queue, at)
            return
        if team.leader is not None and team.leader.is_active:
            hand_to(ticket, team.leader, by=None, at=at)
            return
        team = team.parent


def _pass_on(ticket: Ticket, queue: Queue, at: datetime) -> None:
    """The former owner keeps nothing: whoever serves the other queue takes it."""
    pass_to_queue(ticket, queue, by=None, at=at)
    hand_to(ticket, None, by=None, at=at)


def _staff(pk: int | None) -> User | None:
    return User.objects.filter(pk=pk or 0, kind=User.Kind.STAFF, is_active=True).first()


_TOLD: dict[Act, Callable[[Ticket, Step], list[User | None]]] = {
    Act.NOTIFY_OWNER: _owner,
    Act.NOTIFY_LEADER: _leader,
    Act.NOTIFY_PERSON: _person,
}
_ACTS: dict[Act, Callable[[Ticket, Step, datetime], None]] = {
    Act.RAISE: _raise,
    Act.ASSIGN: _assign,
    Act.MOVE: _move,
    Act.CLIMB: _climb,
}
