"""Time worked: a timer that runs, hours written down afterwards, and corrections that leave a trace."""

from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import require_reach
from tickets.actions.changing import changing
from tickets.actions.telling import tell_ticket
from tickets.models import Ticket, TimeEntry

A_DAY_S = 86_400


def start_timer(ticket: Ticket, *, by: User) -> TimeEntry:
    """Let the person's timer run on this ticket; one that runs on another stops."""
    require_reach(by, "edit", ticket)
    with changing(ticket) as ticket:
        # Two clicks of one person come one after the other.
        User.objects.select_for_update(of=("self",)).get(pk=by.pk)
        running = TimeEntry.objects.filter(user=by, seconds=None).first()
        if running is not None and running.ticket_id == ticket.pk:
            return running
        if running is not None:
            _stop(running, by)
        entry = TimeEntry.objects.create(ticket=ticket, user=by, started_at=now())
        audit.record("time.started", ticket, by=by, detail={"entry": entry.pk})
    return entry


@transaction.atomic
def stop_timer(*, by: User) -> TimeEntry | None:
    """Stop the person's timer; None when none ran."""
    running = TimeEntry.objects.select_for_update(of=("self",)).filter(user=by, seconds=None).first()
    if running is None:
        return None
    _stop(running, by)
    tell_ticket(running.ticket)
    return running


def add_time(ticket: Ticket, seconds: int, *, by: User, words: str = "") -> TimeEntry:
    """Write down what was worked before now."""
    require_reach(by, "edit", ticket)
    with changing(ticket) as ticket:
        entry = TimeEntry.objects.create(
            ticket=ticket, user=by, started_at=now(), seconds=min(seconds, A_DAY_S), words=words
        )
        audit.record("time.added", ticket, by=by, detail={"entry": entry.pk, "seconds": entry.seconds})
    return entry


def correct_time(entry: TimeEntry, seconds: int, *, by: User) -> None:
    """Write down other seconds, 0 for none at all; the trail keeps what stood there. Own entries, or who may assign."""
    require_reach(by, "edit" if entry.user == by else "assign", entry.ticket)
    with changing(entry.ticket) as ticket:
        entry = TimeEntry.objects.select_for_update(of=("self",)).get(pk=entry.pk)
        detail = {"entry": entry.pk, "was": entry.seconds, "now": seconds, "of": entry.user_id}
        entry.seconds = min(seconds, A_DAY_S)
        entry.save(update_fields=["seconds"])
        audit.record("time.corrected", ticket, by=by, detail=detail)


def _stop(entry: TimeEntry, by: User) -> None:
    entry.seconds = min(entry.worked(now()), A_DAY_S)
    entry.save(update_fields=["seconds"])
    audit.record("time.stopped", entry.ticket, by=by, detail={"entry": entry.pk, "seconds": entry.seconds})
