"""How late warnings and breaches are written while a million clocks run: some come each second, so does the tick."""

import argparse
import time
from collections.abc import Iterator
from datetime import timedelta

from django.db import connection

from bench.figures import Figure
from crmcore import clock
from crmcore.models import Queue
from tickets.actions import sla
from tickets.actions.alerts import process_due
from tickets.actions.clocks import close_ledger, open_ledgers, write_ledgers
from tickets.models import Category, SlaEvent, Ticket, TicketType
from tickets.queries.wording import status_in

SECONDS, A_SECOND = 20, 20
# Rows of a clock that runs and is due in a year, by the thousand: only the index must bear them.
_FILL = """
INSERT INTO tickets_slaclock (ticket_id, metric, instance, state, period, consumed_s, started_at, running_since, due_at,
  next_event_at, target_s, about)
SELECT %s, 'promise', 1000 + n, 'running', 1, 0, now(), now(), now() + interval '1 year',
  now() + interval '1 year' + n * interval '1 second', 1000, '[]' FROM generate_series(1, %s) n
"""


def run(options: argparse.Namespace) -> Iterator[Figure]:
    ticket = _tickets(1, "F")[0]
    with connection.cursor() as cursor:
        cursor.execute(_FILL, [ticket.pk, options.clocks])
        cursor.execute("ANALYZE tickets_slaclock")
    _promise(_tickets(SECONDS * A_SECOND, "D"))
    _tick()
    yield from _lags(SlaEvent.Kind.WARN, "warning", 0, options.clocks)
    # A breach is late from the first second after its due moment.
    yield from _lags(SlaEvent.Kind.BREACH, "breach", 1, options.clocks)


def _lags(kind: str, name: str, allowed_s: int, clocks: int) -> Iterator[Figure]:
    events = SlaEvent.objects.filter(kind=kind, clock__ticket__number__startswith="D-")
    found = events.values_list("occurred_at", "processed_at")
    lags = sorted((processed - occurred).total_seconds() - allowed_s for occurred, processed in found)
    for percent in (50, 99):
        lag = lags[len(lags) * percent // 100] * 1000
        yield Figure(
            f"{name} lag p{percent}", lag, "ms", f"{len(lags)} of them, {clocks} clocks open, tick each second"
        )


def _tickets(many: int, letter: str) -> list[Ticket]:
    now = clock.now()
    queue, kind, new = Queue.objects.earliest("pk"), TicketType.objects.earliest("pk"), status_in(Category.NEW)
    facts = {"type": kind, "queue": queue, "status": new, "channel": "portal", "subject": "Measured"}
    return Ticket.objects.bulk_create(
        Ticket(number=f"{letter}-{place}", opened_at=now, last_event_at=now, **facts) for place in range(many)
    )


def _promise(tickets: list[Ticket]) -> None:
    """So many promises for each of the next seconds, from five on."""
    now = clock.now()
    for place, ledger in enumerate(open_ledgers(tickets)):
        sla.promised(ledger.ticket, now, now + timedelta(seconds=5 + place // A_SECOND))
    write_ledgers(tickets)
    for ticket in tickets:
        close_ledger(ticket)


def _tick() -> None:
    """Run as the beat does."""
    end = time.monotonic() + SECONDS + 10
    while time.monotonic() < end:
        began = time.monotonic()
        while process_due():
            pass
        time.sleep(max(0, 1 - (time.monotonic() - began)))
