"""Merging tickets, and parting them again: the words stay where they were written, the clocks join."""

from contextlib import ExitStack
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.actions.row_record import put_back, written_down
from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import require_reach
from tickets.actions import sla
from tickets.actions.changing import Standing, announce, changing, lock, saved_views
from tickets.actions.clocks import ledger_of, restart_clock, stop_clock, write_ledgers
from tickets.actions.entries import append_event
from tickets.actions.moves import WrongMove, move
from tickets.models import Category, Interaction, SlaClock, SlaEvent, SlaSegment, StageVisit, Ticket, TicketMerge
from tickets.queries.merged import may_be_undone
from tickets.queries.wording import status_in


@transaction.atomic
def merge_tickets(source: Ticket, target: Ticket, *, by: User) -> TicketMerge:
    """Let `source` go into `target`: its own clocks end, the other's run from the oldest contact without an answer.

    Nothing is copied or moved; the pages of the target read both. Raises WrongMove.
    """
    require_reach(by, "edit", source)
    require_reach(by, "edit", target)
    at = now()
    with ExitStack() as held:
        # In the order of their keys, so that two merges of the same two tickets cannot block one another.
        locked = {t.pk: held.enter_context(changing(t)) for t in sorted({source, target}, key=lambda t: t.pk)}
        source, target = locked[source.pk], locked[target.pk]
        _require_two_that_fit(source, target)
        rows = _written_down(source, target)
        last_entry = Interaction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        started = _join_clocks(source, target)
        _end_source(source, target, by, at)
        append_event(target, "merged", by=by, at=at, number=source.number)
        entries = Interaction.objects.filter(ticket__in=locked, pk__gt=last_entry).values_list("pk", flat=True)
        before = {"rows": rows, "clocks": [started.pk] if started else [], "entries": list(entries)}
        merge = TicketMerge.objects.create(
            source=source, target=target, by=by, at=at, target_seq=target.seq, before=before
        )
        audit.record("ticket.merged", source, by=by, detail={"into": target.pk})
    return merge


@transaction.atomic
def undo_merge(merge: TicketMerge, *, by: User) -> None:
    """Part two tickets: each row is again what it was. What came to the target since then stays there.

    Raises WrongMove when it is too late or a later merge stands upon this one.
    """
    require_reach(by, "edit", merge.source)
    require_reach(by, "edit", merge.target)
    at = now()
    first, second = sorted((merge.source, merge.target), key=lambda ticket: ticket.pk)
    held = {ticket.pk: lock(ticket) for ticket in (first, second)}
    source, target = held[merge.source_id], held[merge.target_id]
    merge = TicketMerge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        return
    if not may_be_undone(merge, at):
        raise WrongMove(_("These tickets can no longer be parted: the other one has gone on since."))
    views = saved_views()
    standings = {ticket.pk: Standing.of(ticket, views) for ticket in (source, target)}
    if target.seq == merge.target_seq:
        _restore(merge, {source.pk, target.pk})
    else:
        _restore(merge, {source.pk})
        _let_go(merge, target, by, at)
    TicketMerge.objects.filter(pk=merge.pk).update(undone_at=at, undone_by=by)
    audit.record("ticket.parted", source, by=by, detail={"from": target.pk})
    for ticket in (source, target):
        announce(Ticket.objects.defer("search").get(pk=ticket.pk), standings[ticket.pk], views)


def _require_two_that_fit(source: Ticket, target: Ticket) -> None:
    if source == target:
        raise WrongMove(_("A ticket cannot be merged into itself."))
    if not target.status.is_active:
        raise WrongMove(_("Reopen %(number)s first: only an open ticket takes in another.") % {"number": target.number})
    if source.status.category in (Category.CLOSED, Category.VOID):
        raise WrongMove(_("%(number)s is closed and stays as it is.") % {"number": source.number})


def _written_down(source: Ticket, target: Ticket) -> list[dict[str, Any]]:
    """The rows that a merge can touch: of each ticket its own, its stage, its live clocks and their ledgers."""
    rows = []
    for ticket in (source, target):
        live = list(ticket.clocks.filter(state__in=SlaClock.LIVE).values_list("pk", flat=True))
        touched = [
            *written_down(Ticket.objects.filter(pk=ticket.pk), without=frozenset({"search"})),
            *written_down(StageVisit.objects.filter(ticket=ticket.pk, left_at=None)),
            *written_down(SlaClock.objects.filter(pk__in=live)),
            *written_down(SlaSegment.objects.filter(clock__in=live)),
            *written_down(SlaEvent.objects.filter(clock__in=live)),
        ]
        rows += [row | {"ticket": ticket.pk} for row in touched]
    return rows


def _join_clocks(source: Ticket, target: Ticket) -> SlaClock | None:
    """Owe the oldest contact of both that has no answer; the clock that had to be started for it, if one had."""
    ended, going_on = ledger_of(source), ledger_of(target)
    waiting = next(iter(ended.live(*sla.REPLIES)), None)
    if waiting is None:
        return None
    target.waiting_on = Ticket.WaitingOn.US
    is_owed = bool(going_on.live(*sla.REPLIES))
    clock = sla.reply_owed(target, waiting.clock.started_at)
    write_ledgers([target])
    return None if is_owed else clock


def _end_source(source: Ticket, target: Ticket, by: User, at: datetime) -> None:
    ledger = ledger_of(source)
    for book in ledger.live():
        stop_clock(ledger, book, at, SlaEvent.Kind.CANCELLED, reason="merged")
    move(source, status_in(Category.VOID), by=by, at=at)
    append_event(source, "merged_away", by=by, at=at, number=target.number)


def _restore(merge: TicketMerge, tickets: set[int]) -> None:
    """Let these tickets, their clocks and their timelines be as the merge found them."""
    rows = [row for row in merge.before["rows"] if row["ticket"] in tickets]
    kept = [row["pk"] for row in rows if row["model"] == "tickets.slaclock"]
    SlaClock.objects.filter(pk__in=merge.before["clocks"], ticket__in=tickets).delete()
    for ledger in (SlaEvent, SlaSegment):
        known = [row["pk"] for row in rows if row["model"] == ledger._meta.label_lower]
        ledger._default_manager.filter(clock__in=kept).exclude(pk__in=known).delete()
    Interaction.objects.filter(pk__in=merge.before["entries"], ticket__in=tickets).delete()
    put_back(rows)


def _let_go(merge: TicketMerge, target: Ticket, by: User, at: datetime) -> None:
    """The target went on: it keeps what came since, and no longer waits on the source's behalf."""
    with changing(target) as ticket:
        ledger = ledger_of(ticket)
        waiting = next(iter(ledger.live(*sla.REPLIES)), None)
        clocks = [row for row in merge.before["rows"] if row["model"] == SlaClock._meta.label_lower]
        began = {row["pk"]: row["fields"]["started_at"] for row in clocks}
        if waiting is not None and waiting.clock.pk in merge.before["clocks"]:
            stop_clock(ledger, waiting, at, SlaEvent.Kind.CANCELLED, reason="parted")
        elif waiting is not None and waiting.clock.pk in began:
            restart_clock(ledger, waiting, datetime.fromisoformat(began[waiting.clock.pk]))
        append_event(ticket, "parted", by=by, at=at, number=merge.source.number)
