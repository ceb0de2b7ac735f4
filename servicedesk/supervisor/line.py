"""Callers in line, in the order in which they are served, and why they stand where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crmcore import phone_numbers
from crmcore.models import Queue, User
from telephony.effective_wait import HeadStart
from telephony.models import Call, ParkedCall, QueueEntry
from telephony.states import CallState

SHOWN = 12


@dataclass(frozen=True)
class InLine:
    """One waiting caller; `head_starts` are added to the time waited, in seconds with their reasons."""

    entry: QueueEntry
    name: str
    head_starts: list[tuple[Promise | str, int]]

    @property
    def is_ringing(self) -> bool:
        return self.entry.call.state == CallState.OFFERING


@dataclass(frozen=True)
class Parked:
    """One caller who hears music until somebody picks the call up."""

    row: ParkedCall
    name: str


def callers_in_line(user: User, queues: Iterable[Queue]) -> list[InLine]:
    """The first callers of these queues, by effective wait."""
    entries = QueueEntry.objects.filter(left_at=None, queue__in=list(queues), call__in=Call.objects.visible_to(user))
    rows = entries.select_related("queue", "preferred", "call__account", "call__contact").order_by("rank", "call_id")
    return [InLine(entry, _name_of(entry.call), _reasons(entry)) for entry in rows[:SHOWN]]


def parked_calls(user: User, queues: Iterable[Queue]) -> list[Parked]:
    """Parked calls of these queues, the first to return first."""
    calls = Call.objects.visible_to(user).filter(state=CallState.PARKED, queue__in=list(queues))
    rows = ParkedCall.objects.filter(left_at=None, call__in=calls).order_by("returns_at", "pk")
    related = rows.select_related("by", "call__queue", "call__account", "call__contact")
    return [Parked(row, _name_of(row.call)) for row in related[:SHOWN]]


def _name_of(call: Call) -> str:
    customer = call.contact or call.account
    return str(customer) if customer else phone_numbers.pretty(call.customer_number) or _("Number withheld")


def _reasons(entry: QueueEntry) -> list[tuple[Promise | str, int]]:
    return [(HeadStart(reason).label, seconds) for reason, seconds in entry.head_start.items()]
