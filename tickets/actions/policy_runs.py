"""Policies over all open tickets: a trial that writes nothing, and the application, both in portions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.later import run_later
from crmcore.models import User
from crmcore.permissions import require
from tickets.actions.changing import Standing, finish_all, saved_views, whole_tickets
from tickets.actions.clocks import Ledger, open_ledgers, retarget_clock
from tickets.models import SlaPolicyVersion, SlaRun, Ticket
from tickets.queries.promises import Rulebook, newest_versions
from tickets.sla_clock import is_late

AT_ONCE = 200
SHOWN = 100
# A run whose process died says nothing for this long and is taken up again.
SILENT_FOR = timedelta(seconds=60)


@transaction.atomic
def start_run(kind: str, *, by: User, draft: SlaPolicyVersion | None = None) -> SlaRun:
    """Begin a run in the background. While an application runs, asking for another one gives the same."""
    require(by, "settings", "edit")
    now = clock.now()
    facts: dict[str, Any] = {"kind": kind, "draft": draft, "by": by, "started_at": now, "beat_at": now}
    try:
        with transaction.atomic():
            run = SlaRun.objects.create(total=Ticket.objects.filter(is_active=True).count(), **facts)
    except IntegrityError:
        return SlaRun.objects.get(kind=kind, finished_at=None)
    audit.record(f"sla_run.{kind}", run, by=by, detail={"draft": draft.pk if draft else None})
    run_later("tickets.sla_run", run.pk)
    return run


def carry_on(run_id: int) -> None:
    """Do the run to its end, portion by portion, each in a transaction of its own."""
    while _portion(run_id):
        pass


def take_up_silent_runs() -> None:
    """Go on with runs whose process died."""
    silent = SlaRun.objects.filter(finished_at=None, beat_at__lt=clock.now() - SILENT_FOR)
    for run_id in silent.values_list("pk", flat=True):
        carry_on(run_id)


@transaction.atomic
def _portion(run_id: int) -> bool:
    """The next tickets; whether there may be more. The run's row keeps two processes from doing it at once."""
    run = SlaRun.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=run_id, finished_at=None).first()
    if run is None:
        return False
    now = clock.now()
    rows = Ticket.objects.filter(is_active=True, pk__gt=run.after).order_by("pk")
    if run.kind == SlaRun.Kind.APPLY:
        rows = rows.select_for_update(of=("self",))
    keys = list(rows.values_list("pk", flat=True)[:AT_ONCE])
    if keys:
        _work_through(run, keys, now)
    run.finished_at = None if keys else now
    run.beat_at = now
    run.save()
    return bool(keys)


def _work_through(run: SlaRun, keys: list[int], now: datetime) -> None:
    tickets = list(whole_tickets().filter(pk__in=keys).order_by("pk"))
    views = saved_views()
    before = {ticket.pk: Standing.of(ticket, views) for ticket in tickets}
    book = Rulebook(now, _versions(run))
    moves: list[Move] = []
    changed: list[tuple[Ticket, Standing | None]] = []
    for ledger in open_ledgers(tickets):
        moves += _retarget(ledger, book)
        if ledger.changed:
            changed.append((ledger.ticket, before[ledger.ticket.pk]))
    if run.kind == SlaRun.Kind.APPLY:
        finish_all(changed, views)
    run.after, run.done = keys[-1], run.done + len(keys)
    _count(run, moves)


@dataclass(frozen=True)
class Move:
    """What a ruling does to one clock: its due moment before and after, and whether it is overdue only then."""

    number: str
    metric: str
    was: datetime | None
    due: datetime | None
    overdue: bool

    @property
    def weight(self) -> tuple[bool, float]:
        """Those that become overdue first, then those that move far."""
        far = abs((self.due - self.was).total_seconds()) if self.was and self.due else 0.0
        return self.overdue, far

    def stored(self) -> dict[str, Any]:
        was, due = (moment.isoformat() if moment else None for moment in (self.was, self.due))
        return {"number": self.number, "metric": self.metric, "was": was, "due": due, "overdue": self.overdue}


def _retarget(ledger: Ledger, rules: Rulebook) -> list[Move]:
    """Measure every live clock of the ticket by the newest versions; those whose due moment moves."""
    ruling, moves = rules.ruling(ledger.ticket), []
    for book in ledger.live():
        clock_, was = book.clock, book.clock.due_at
        retarget_clock(ledger, book, ledger.promise(book, ruling))
        if clock_.due_at != was:
            overdue = is_late(clock_.due_at, rules.at) and not is_late(was, rules.at)
            moves.append(Move(ledger.ticket.number, clock_.metric, was, clock_.due_at, overdue))
    return moves


def _count(run: SlaRun, moves: list[Move]) -> None:
    for move in moves:
        run.overdue += move.overdue
        if move.was is None or move.due is None:
            run.gained += move.was is None
            run.lost += move.due is None
        else:
            run.sooner += move.due < move.was
            run.later += move.due > move.was
    heaviest = sorted(moves, key=lambda move: move.weight, reverse=True)[:SHOWN]
    known = [*run.changes, *(move.stored() for move in heaviest)]
    run.changes = sorted(known, key=lambda move: not move["overdue"])[:SHOWN]


def _versions(run: SlaRun) -> list[SlaPolicyVersion]:
    """The published versions; in a trial the draft stands in for its policy's, at the place of the policy."""
    versions = newest_versions()
    if run.draft is None:
        return versions
    draft = SlaPolicyVersion.objects.select_related("policy").prefetch_related("targets").get(pk=run.draft.pk)
    others = [version for version in versions if version.policy_id != draft.policy_id]
    return sorted([*others, draft], key=lambda version: (version.policy.position, version.policy_id))
