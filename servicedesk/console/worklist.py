"""Region C: who waits, what is mine, what was missed."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from crmcore.models import User
from servicedesk.console.bar import Caller, caller_of
from servicedesk.console.owed import Owed, missed_calls, promised_calls
from servicedesk.console.visits import VisitRow, due_visits
from telephony.models import Call, CallLeg, Offer, ParkedCall, QueueEntry
from telephony.states import CallState
from tickets.models import Ticket
from tickets.queries.capacity import Load, load_of
from tickets.queries.clock_faces import ClockFace, face_of

SHOWN = 20


@dataclass(frozen=True)
class Waiting:
    """A caller in one of my queues; `left` is the per cent of the answer time still to come."""

    call: Call
    caller: Caller
    since: datetime
    left: int
    is_ringing_here: bool


@dataclass(frozen=True)
class MyTicket:
    ticket: Ticket
    face: ClockFace | None


@dataclass(frozen=True)
class Parked:
    """A caller who hears music until somebody picks the call up."""

    row: ParkedCall
    caller: Caller


@dataclass(frozen=True)
class WorkList:
    """The groups, shortest time first; `overdue` counts among mine."""

    parked: list[Parked]
    waiting: list[Waiting]
    tickets: list[MyTicket]
    load: Load
    promised: list[Owed]
    missed: list[Owed]
    unfinished: list[CallLeg]
    visits: list[VisitRow]

    @property
    def overdue(self) -> int:
        return sum(1 for mine in self.tickets if mine.face and mine.face.state == "breach")


def work_list(user: User, now: datetime) -> WorkList:
    """What this agent could turn to."""
    return WorkList(
        parked_calls(user),
        _waiting(user, now),
        my_tickets(user, now),
        load_of(user),
        promised_calls(user),
        missed_calls(user),
        unfinished(user),
        due_visits(user, now),
    )


def parked_calls(user: User) -> list[Parked]:
    """Parked calls that this person may pick up, the first to return first."""
    calls = Call.objects.visible_to(user).filter(state=CallState.PARKED)
    rows = ParkedCall.objects.filter(left_at=None, call__in=calls).order_by("returns_at", "pk")
    related = rows.select_related("by", "call__contact", "call__account", "call__queue")
    return [Parked(row, caller_of(row.call, user)) for row in related[:SHOWN]]


def my_tickets(user: User, now: datetime, limit: int = SHOWN) -> list[MyTicket]:
    """Active tickets in my hands, the first due first."""
    mine = Ticket.objects.visible_to(user).filter(assignee=user, is_active=True)
    rows = mine.select_related("account", "contact").order_by(F("sla_due_at").asc(nulls_last=True), "id")
    return [MyTicket(ticket, face_of(ticket, now)) for ticket in rows[:limit]]


def unfinished(user: User) -> list[CallLeg]:
    """Conversations whose wrap-up ran out without an outcome."""
    legs = CallLeg.objects.filter(agent=user, is_unclassified=True)
    return list(legs.select_related("call__account", "call__contact", "call__queue").order_by("-id")[:SHOWN])


def _waiting(user: User, now: datetime) -> list[Waiting]:
    entries = QueueEntry.objects.filter(left_at=None, queue__memberships__user=user)
    entries = entries.filter(call__in=Call.objects.visible_to(user)).order_by("rank")
    rows = entries.select_related("call__contact", "call__account", "call__queue")[:SHOWN]
    ringing = set(Offer.objects.filter(agent=user, closed_at=None).values_list("call_id", flat=True))
    found = [_waiting_row(row, user, now, is_ringing_here=row.call_id in ringing) for row in rows]
    return sorted(found, key=lambda row: not row.is_ringing_here)


def _waiting_row(entry: QueueEntry, user: User, now: datetime, *, is_ringing_here: bool) -> Waiting:
    queue, call = entry.call.queue, entry.call
    within = queue.answer_within_s if queue else 0
    left = round(100 * (1 - (now - entry.entered_at).total_seconds() / within)) if within else 0
    return Waiting(call, caller_of(call, user), entry.entered_at, max(0, min(100, left)), is_ringing_here)
