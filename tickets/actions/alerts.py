"""Warnings, breaches and steps of the ladder: the clocks whose moment has come, found by one indexed scan."""

from datetime import datetime

from django.db import transaction

from crmcore.clock import now
from tickets.actions.changing import Standing, finish_all, saved_views, whole_tickets
from tickets.actions.clocks import Ledger, note_entry, open_ledgers
from tickets.actions.escalations import Digest, take_step
from tickets.actions.stage_visits import stage_breached
from tickets.models import SlaClock, SlaTarget
from tickets.queries.ledger import Book, entries_to_come

AT_ONCE = 500


@transaction.atomic
def process_due(limit: int = AT_ONCE) -> int:
    """Write and do what is due, and return how many clocks had something; many processes may run it at once.

    Clock and ticket are locked together and busy ones are left for the next second, so this never waits.
    """
    at = now()
    due = SlaClock.objects.filter(state__in=(SlaClock.State.RUNNING, SlaClock.State.BREACHED), next_event_at__lte=at)
    rows = due.select_for_update(skip_locked=True, of=("self", "ticket")).select_related("ticket")
    found = list(rows.only("ticket__number").order_by("next_event_at")[:limit])
    if not found:
        return 0
    # Read after the locks: what the locking statement joined may be older than they are.
    tickets = list(whole_tickets().filter(pk__in={clock.ticket_id for clock in found}))
    views = saved_views()
    before = {ticket.pk: Standing.of(ticket, views) for ticket in tickets}
    clocks, digest = {clock.pk for clock in found}, Digest()
    for ledger in open_ledgers(tickets):
        for book in [book for book in ledger.books if book.clock.pk in clocks]:
            _alert(ledger, book, at, digest)
    finish_all([(ticket, before[ticket.pk]) for ticket in tickets], views)
    digest.send()
    return len(found)


def _alert(ledger: Ledger, book: Book, at: datetime, digest: Digest) -> None:
    """What is due on one clock, in order, each once per period however often this runs."""
    breached = False
    while book.ending is None and book.clock.next_event_at is not None and book.clock.next_event_at <= at:
        entry = entries_to_come(book)[0]
        note_entry(ledger, book, entry.kind, entry.step, entry.occurred_at)
        if entry.kind == "step":
            take_step(ledger, book, entry, digest)
        breached = breached or entry.kind == "breach"
    if breached and book.clock.metric == SlaTarget.Metric.STAGE:
        stage_breached(ledger.ticket, at)
