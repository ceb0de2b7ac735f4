"""Ledgers of many tickets: written through the engine by random histories, then read back and compared row by row.

Each ticket lives some days. Live news and the audit are left out: what is measured is the ledger.
"""

import argparse
import io
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from random import Random

from django.core.management import call_command
from django.db import transaction

from bench.figures import Figure
from crmcore import clock
from crmcore.models import Queue
from tickets.actions import sla
from tickets.actions.clocks import close_ledger, open_ledgers, write_ledgers
from tickets.models import Category, SlaClock, Ticket, TicketStatus, TicketType
from tickets.queries.wording import status_in

BEGIN = datetime(2026, 1, 5, 1, tzinfo=UTC)
AT_ONCE = 1000
DEEDS = 6
CATEGORIES = (Category.OPEN, Category.WAITING_CUSTOMER, Category.ON_HOLD, Category.SOLVED)


def run(options: argparse.Namespace) -> Iterator[Figure]:
    rng = Random(1)
    start = time.monotonic()
    for first in range(0, options.ledgers, AT_ONCE):
        _portion(first, min(AT_ONCE, options.ledgers - first), rng)
    written = time.monotonic() - start
    clocks = SlaClock.objects.count()
    yield Figure(
        "ledgers written", options.ledgers / written, "tickets/s", f"{clocks} clocks of {options.ledgers} tickets"
    )
    out, start = io.StringIO(), time.monotonic()
    call_command("sla_rebuild", "--verify", stdout=out)
    yield Figure("ledgers verified", clocks / (time.monotonic() - start), "clocks/s", out.getvalue().strip())


@transaction.atomic
def _portion(first: int, many: int, rng: Random) -> None:
    queue, kind, new = Queue.objects.earliest("pk"), TicketType.objects.earliest("pk"), status_in(Category.NEW)
    facts = {"type": kind, "queue": queue, "status": new, "channel": "portal", "subject": "Measured"}
    tickets = Ticket.objects.bulk_create(
        Ticket(number=f"B-{first + place}", opened_at=BEGIN, last_event_at=BEGIN, **facts) for place in range(many)
    )
    moment = BEGIN
    for deed in range(DEEDS):
        moment += timedelta(seconds=rng.randrange(60, 90_000))
        with clock.at(moment):
            for ledger in open_ledgers(tickets):
                (_begin if deed == 0 else rng.choice(_DEEDS))(ledger.ticket, moment, rng)
                sla.cache_headline(ledger.ticket)
            write_ledgers(tickets)
        for ticket in tickets:
            close_ledger(ticket)
    Ticket.objects.bulk_update(tickets, ["status", "sla_due_at", "sla_state", "sla_metric", "last_reply_at"], AT_ONCE)


def _begin(ticket: Ticket, at: datetime, rng: Random) -> None:
    sla.ticket_opened(ticket, at)
    sla.customer_made_contact(ticket, at)


def _reply(ticket: Ticket, at: datetime, rng: Random) -> None:
    sla.agent_replied(ticket, at)


def _contact(ticket: Ticket, at: datetime, rng: Random) -> None:
    if ticket.status.is_active:
        sla.customer_made_contact(ticket, at)


def _status(ticket: Ticket, at: datetime, rng: Random) -> None:
    before = ticket.status.category
    category = rng.choice(CATEGORIES)
    if category not in _STATUSES:
        _STATUSES[category] = status_in(category)
    ticket.status = _STATUSES[category]
    if before != category:
        sla.status_changed(ticket, before, at, None)


_STATUSES: dict[str, TicketStatus] = {}
_DEEDS: tuple[Callable[[Ticket, datetime, Random], None], ...] = (_reply, _contact, _status, _status)
