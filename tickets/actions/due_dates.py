"""Due moments set by hand, with a reason; they stand through every pause and change until they are released."""

from datetime import datetime

from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from tickets.actions.changing import changing
from tickets.actions.clocks import Ledger, ledger_of, retarget_clock
from tickets.actions.entries import append_event
from tickets.actions.moves import WrongMove
from tickets.models import SlaTarget, Ticket
from tickets.queries.ledger import Book
from tickets.sla_clock import to_second


def set_due(ticket: Ticket, metric: str, due_at: datetime, *, reason: str, by: User) -> Ticket:
    """Let the live clock of a metric be due then, whatever the policy says. Raises WrongMove with a sentence."""
    reason = reason.strip()
    if not reason:
        raise WrongMove(_("Say why it is due at another moment."))
    with changing(ticket, by=by) as ticket:
        at = now()
        if due_at <= at:
            raise WrongMove(_("Choose a moment that is still to come."))
        ledger = ledger_of(ticket)
        clock = _book(ledger, metric).clock
        clock.pinned_due_at = to_second(due_at)
        _pin_again(ledger, metric, by=by.pk, reason=reason)
        moment = clock.pinned_due_at.isoformat()
        append_event(ticket, "due_set", by=by, at=at, metric=metric, due=moment, reason=reason)
        audit.record("ticket.due_set", ticket, by=by, detail={"metric": metric, "due": moment, "reason": reason})
    return ticket


def release_due(ticket: Ticket, metric: str, *, by: User) -> Ticket:
    """Let the policy say again when the clock is due; a clock that nobody pinned stays as it is."""
    with changing(ticket, by=by) as ticket:
        ledger = ledger_of(ticket)
        clock = _book(ledger, metric).clock
        if clock.pinned_due_at is not None:
            clock.pinned_due_at = None
            _pin_again(ledger, metric, by=by.pk, released=True)
            append_event(ticket, "due_released", by=by, at=now(), metric=metric)
            audit.record("ticket.due_released", ticket, by=by, detail={"metric": metric})
    return ticket


def _book(ledger: Ledger, metric: str) -> Book:
    """What was promised to a customer for a moment is no due date of ours to move."""
    book = next(iter(ledger.live(metric)), None)
    if book is None or metric == SlaTarget.Metric.PROMISE:
        raise WrongMove(_("This clock does not run (any more)."))
    return book


def _pin_again(ledger: Ledger, metric: str, **why: object) -> None:
    book = _book(ledger, metric)
    retarget_clock(ledger, book, ledger.promise(book, ledger.ruling()), **why)
