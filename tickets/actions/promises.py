"""Promises to a customer about a ticket: to be called, or answered, at a moment."""

from datetime import datetime

from crmcore.clock import now
from tickets.actions import sla
from tickets.actions.changing import MergedAway, changing
from tickets.models import Ticket


def promise_contact(ticket: Ticket, due_at: datetime) -> None:
    """The customer was told when they hear from us; a promise that is still open gives way to this one."""
    try:
        with changing(ticket) as locked:
            at = now()
            sla.promise_withdrawn(locked, at)
            sla.promised(locked, at, due_at)
    except MergedAway as gone:
        promise_contact(gone.into, due_at)


def withdraw_promise(ticket: Ticket) -> None:
    """The customer is not waiting for it any more; without an open promise nothing changes."""
    try:
        with changing(ticket) as locked:
            sla.promise_withdrawn(locked, now())
    except MergedAway as gone:
        withdraw_promise(gone.into)
