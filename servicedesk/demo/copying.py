"""Copying tickets and calls with everything that hangs on them, to another time and another customer.

The audit trail is not copied: it says what somebody did.
"""

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import DateTimeField, Model, Q, QuerySet
from django.db.models.base import ModelState

from crmcore.text_search import index_text
from servicedesk.demo.dialling import Caller
from telephony.models import Call, CallLeg, Offer, QueueEntry
from telephony.screen_pop import Decision
from tickets.actions.entries import names
from tickets.models import Category, Interaction, SlaClock, SlaEvent, SlaSegment, Ticket, TicketStatus

CLOSED_AFTER = timedelta(days=7)

# A row's root is the ticket or, without one, the call that it is copied with.
Root = tuple[str, int]
Rows = dict[Root, list[Any]]


@dataclass
class Copy:
    """What is copied, how far back and to whom. `made` maps the rows to their copies."""

    ticket: int | None
    calls: list[int]
    shift: timedelta
    caller: Caller
    number: str
    made: dict[tuple[type[Model], int], int] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)

    @property
    def roots(self) -> list[Root]:
        own: list[Root] = [("ticket", self.ticket)] if self.ticket else []
        return own + [("call", call) for call in self.calls]


def write_copies(copies: list[Copy], rng: Random) -> None:
    """Write all copies, one insert per model, referred rows before referring ones."""
    originals = {model: _by_root(model, rows, root) for model, rows, root in _sources(copies)}
    change: dict[type[Model], Callable[[Any, Copy], None]] = {
        Ticket: _Archive(originals[Interaction]).close,
        Call: lambda row, to: _redial(row, to, rng),
        Interaction: _address,
    }
    for model, rows in originals.items():
        pairs = [
            (to, row, _copied(row, to, change.get(model)))
            for to in copies
            for root in to.roots
            for row in rows.get(root, ())
        ]
        model._default_manager.bulk_create(new for _to, _row, new in pairs)
        for to, row, new in pairs:
            to.made[model, row.pk] = new.pk
    Interaction.objects.bulk_create(_closings(copies))


def _sources(copies: list[Copy]) -> Iterator[tuple[type[Model], QuerySet[Any], Callable[[Any], Root]]]:
    tickets = {to.ticket for to in copies if to.ticket}
    calls = {call for to in copies for call in to.calls}
    call_of = {
        f"call:{public_id}": pk for pk, public_id in Call.objects.filter(pk__in=calls).values_list("pk", "public_id")
    }

    def of_interaction(row: Interaction) -> Root:
        return ("ticket", row.ticket_id) if row.ticket_id else ("call", call_of[row.reference])

    lone = Q(ticket=None, reference__in=call_of)
    yield Ticket, Ticket.objects.filter(pk__in=tickets), lambda row: ("ticket", row.pk)
    yield Call, Call.objects.filter(pk__in=calls), lambda row: ("call", row.pk)
    yield QueueEntry, QueueEntry.objects.filter(call__in=calls), lambda row: ("call", row.call_id)
    yield Offer, Offer.objects.filter(call__in=calls), lambda row: ("call", row.call_id)
    yield Interaction, Interaction.objects.filter(Q(ticket__in=tickets) | lone), of_interaction
    yield CallLeg, CallLeg.objects.filter(call__in=calls), lambda row: ("call", row.call_id)
    yield SlaClock, SlaClock.objects.filter(ticket__in=tickets), lambda row: ("ticket", row.ticket_id)
    ledger = {"clock__ticket__in": tickets}
    for model in (SlaSegment, SlaEvent):
        rows: QuerySet[Any] = model._default_manager.filter(**ledger).select_related("clock")
        yield model, rows, lambda row: ("ticket", row.clock.ticket_id)


def _by_root(model: type[Model], rows: QuerySet[Any], root: Callable[[Any], Root]) -> Rows:
    found: Rows = {}
    for row in rows.order_by("pk"):
        found.setdefault(root(row), []).append(row)
    return found


def _copied(row: Model, to: Copy, change: Callable[[Any, Copy], None] | None) -> Model:
    new = copy(row)
    new._state = ModelState()
    new.pk = None
    for column in row._meta.concrete_fields:
        value = getattr(row, column.attname)
        if isinstance(column, DateTimeField) and value is not None:
            setattr(new, column.attname, value + to.shift)
        elif column.is_relation and (column.related_model, value) in to.made:
            setattr(new, column.attname, to.made[column.related_model, value])  # type: ignore[index]
    if change is not None:
        change(new, to)
    return new


def _redial(call: Call, to: Copy, rng: Random) -> None:
    former = f"call:{call.public_id}"
    call.public_id = UUID(int=rng.getrandbits(128), version=4)
    to.references[former] = f"call:{call.public_id}"
    call.provider_call_id = f"past-{call.public_id}"
    call.account, call.contact = to.caller.account, to.caller.contact
    if call.account is None:
        return
    if call.direction == Call.Direction.IN:
        call.from_raw = call.from_e164 = to.caller.number
    else:
        call.to_raw = call.to_e164 = to.caller.number
    decision = Decision.of(call.pop)
    if decision is not None:
        call.pop = {**call.pop, "account_id": call.account_id, "contact_id": call.contact_id}


def _address(interaction: Interaction, to: Copy) -> None:
    interaction.account, interaction.contact = to.caller.account, to.caller.contact
    interaction.reference = to.references.get(interaction.reference, "")


class _Archive:
    """Turns solved tickets of the past into closed ones."""

    def __init__(self, interactions: Rows) -> None:
        self._interactions = interactions
        self._closed = TicketStatus.objects.filter(category=Category.CLOSED)[0]

    def close(self, ticket: Ticket, to: Copy) -> None:
        ticket.number = to.number
        ticket.account, ticket.contact = to.caller.account, to.caller.contact
        words = [row.body for row in self._interactions.get(("ticket", to.ticket or 0), ()) if row.body]
        ticket.search = index_text({"A": f"{ticket.number} {ticket.subject}", "C": "\n".join(words)})
        if ticket.closed_at is None and ticket.solved_at is not None:
            ticket.status = self._closed
            ticket.closed_at = ticket.last_event_at = ticket.solved_at + CLOSED_AFTER
            ticket.seq += 1


def _closings(copies: list[Copy]) -> Iterator[Interaction]:
    """The last line on the timelines of tickets that the copy closed."""
    solved = TicketStatus.objects.filter(category=Category.SOLVED)[0]
    keys = [to.made[Ticket, to.ticket] for to in copies if to.ticket]
    for ticket in (
        Ticket.objects.filter(pk__in=keys)
        .exclude(interactions__detail__category=Category.CLOSED)
        .select_related("status")
    ):
        assert ticket.closed_at is not None
        yield Interaction(
            ticket=ticket,
            seq=ticket.seq,
            account_id=ticket.account_id,
            contact_id=ticket.contact_id,
            channel=Interaction.Channel.SYSTEM,
            direction=Interaction.Direction.INTERNAL,
            event="status",
            detail={"was": names(solved), "now": names(ticket.status), "category": Category.CLOSED, "reason": ""},
            occurred_at=ticket.closed_at,
            recorded_at=ticket.closed_at,
        )
