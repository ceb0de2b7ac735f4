"""Working return visits: tried, moved, given, completed once by one person, followed by the next."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import require_reach
from tickets.actions.changing import changing
from tickets.actions.entries import append_event, names
from tickets.actions.fields import set_fields
from tickets.actions.questionnaires import write_down
from tickets.actions.stages import take_step
from tickets.actions.visits import tell_visit
from tickets.models import Ticket, Visit, VisitMethod, VisitTheme, VisitTry
from tickets.queries.visit_stage import loop_end

LONGEST = 4000


class VisitOver(Exception):
    """Somebody completed or called off the visit before; `visit` says who."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit.pk)
        self.visit = visit


class BadWindow(ValueError):
    """The time in which a visit is due has no length, or has passed."""


@dataclass(frozen=True)
class Report:
    """What is written down of a visit; `next_from` and `next_by` plan the next, `step` moves the ticket's stage on."""

    result: str
    content: str = ""
    objections: str = ""
    chance: str = ""
    method: VisitMethod | None = None
    next_from: datetime | None = None
    next_by: datetime | None = None
    step: str = ""


@transaction.atomic
def create_visit(
    *,
    by: User,
    method: VisitMethod,
    theme: VisitTheme,
    due_from: datetime,
    due_by: datetime,
    assignee: User | None,
    ticket: Ticket | None = None,
    account: object = None,
    contact: object = None,
    script: str = "",
) -> Visit:
    """Plan a visit by hand. Raises BadWindow."""
    _check_window(due_from, due_by)
    team = ticket.queue.team if ticket else by.teams.order_by("pk").first()
    facts = {"account": account, "contact": contact}
    if ticket is not None:
        require_reach(by, "edit", ticket)
        facts = {"account": ticket.account, "contact": ticket.contact}
    visit = Visit.objects.create(
        ticket=ticket,
        method=method,
        theme=theme,
        due_from=due_from,
        due_by=due_by,
        assignee=assignee,
        team=team,
        script=script[:LONGEST],
        script_zh="",
        created_at=now(),
        created_by=by,
        **facts,
    )
    if ticket is not None:
        with changing(ticket) as locked:
            append_event(locked, "visit", by=by, at=now(), what="planned", name=names(theme))
    audit.record("visit.planned", visit, by=by)
    tell_visit(visit)
    return visit


def reschedule(visit: Visit, due_from: datetime, due_by: datetime, *, by: User) -> Visit:
    """Move a visit to another time; one that was missed is planned again. Raises VisitOver and BadWindow."""
    _check_window(due_from, due_by)
    with _working(visit, by) as held:
        if held.progress == Visit.Progress.MISSED:
            held.progress = Visit.Progress.FOLLOWING if held.tries.exists() else Visit.Progress.PLANNED
        held.due_from, held.due_by, held.warned_at, held.missed_at = due_from, due_by, None, None
        audit.record("visit.moved", held, by=by, detail={"from": str(due_from), "by": str(due_by)})
    return held


def give(visit: Visit, to: User | None, *, by: User) -> Visit:
    """Hand a visit to a colleague, or to nobody. Raises VisitOver."""
    before = visit.assignee_id
    with _working(visit, by) as held:
        held.assignee = to
        audit.record("visit.given", held, by=by, detail={"to": to.pk if to else None})
    tell_visit(held, before)
    return held


def note_try(visit: Visit, *, by: User, method: VisitMethod, was_reached: bool, note: str, token: str) -> Visit:
    """Write down an attempt; the visit goes on. The same form twice is one attempt. Raises VisitOver."""
    with _working(visit, by) as held:
        facts = {"at": now(), "by": by, "method": method, "was_reached": was_reached, "note": note.strip()[:LONGEST]}
        _row, is_new = VisitTry.objects.get_or_create(visit=held, token=token, defaults=facts)
        if is_new and held.progress == Visit.Progress.PLANNED:
            held.progress = Visit.Progress.FOLLOWING
    return held


@transaction.atomic
def complete(visit: Visit, report: Report, *, by: User) -> Visit:
    """End a visit with its result, plan the next where one is asked for, and move the ticket's loop on.

    The same person's second click changes nothing. Raises VisitOver, BadWindow, and what `take_step` and `set_fields`
    raise where the loop cannot go that way; then nothing of it counts.
    """
    if report.result not in Visit.Result.values:
        raise ValueError(report.result)
    try:
        with _working(visit, by) as held:
            held.progress, held.ended_at, held.ended_by = Visit.Progress.COMPLETED, now(), by
            held.result, held.method = report.result, report.method or held.method
            for name in ("content", "objections", "chance"):
                setattr(held, name, getattr(report, name).strip()[:LONGEST])
            audit.record("visit.completed", held, by=by, detail={"result": report.result})
    except VisitOver as over:
        if over.visit.ended_by_id == by.pk and over.visit.result == report.result:
            return over.visit
        raise
    _tell_ticket(held, "completed", by)
    if report.next_from and report.next_by:
        _plan_next(held, report.next_from, report.next_by, by)
    if held.ticket is not None and report.step:
        _move_loop_on(held.ticket, held, report.step, by)
    return held


def answer_visit(visit: Visit, code: str, given: Sequence[str], *, by: User) -> bool:
    """The customer's answer to the next question of the visit. Raises VisitOver and BadAnswer."""
    with _working(visit, by) as held:
        return write_down(held, code, given)


def call_off(visit: Visit, reason: str, *, by: User) -> Visit:
    """End a visit that is not to be. Raises VisitOver."""
    with _working(visit, by) as held:
        held.progress, held.ended_at, held.ended_by = Visit.Progress.CANCELLED, now(), by
        held.content = reason.strip()[:LONGEST]
        audit.record("visit.cancelled", held, by=by, detail={"reason": reason[:200]})
    _tell_ticket(held, "cancelled", by)
    return held


@contextmanager
def _working(visit: Visit, by: User) -> Iterator[Visit]:
    """The visit, locked behind its ticket, still open; saved and told at the end."""
    with transaction.atomic():
        if visit.ticket_id is not None:
            # The ticket first, as everybody locks who changes both.
            Ticket.objects.select_for_update().values("pk").get(pk=visit.ticket_id)
        Visit.objects.select_for_update().values("pk").get(pk=visit.pk)
        related = Visit.objects.select_related(
            "method", "theme", "assignee", "ended_by", "ticket__type", "questionnaire"
        )
        held = related.get(pk=visit.pk)
        require_reach(by, "edit", held)
        if not held.is_open:
            raise VisitOver(held)
        yield held
        held.save()
        tell_visit(held)


def _plan_next(visit: Visit, due_from: datetime, due_by: datetime, by: User) -> Visit:
    _check_window(due_from, due_by)
    same = (
        "ticket",
        "plan",
        "round",
        "account",
        "contact",
        "method",
        "theme",
        "script",
        "script_zh",
        "questionnaire",
        "team",
        "assignee",
    )
    facts = {name: getattr(visit, name) for name in same}
    following = Visit.objects.create(
        previous=visit, due_from=due_from, due_by=due_by, created_at=now(), created_by=by, **facts
    )
    tell_visit(following)
    return following


def _move_loop_on(ticket: Ticket, visit: Visit, step: str, by: User) -> None:
    """Write the result into the fields that the last stage asks for, and take its step."""
    end = loop_end(ticket)
    if end is None:
        return
    set_fields(ticket, end.values_for(visit), by=by)
    take_step(ticket, "work", step, visit=end.stage_visit.pk, by=by)


def _tell_ticket(visit: Visit, what: str, by: User) -> None:
    if visit.ticket is None:
        return
    with changing(visit.ticket) as ticket:
        result = visit.result if what == "completed" else ""
        append_event(
            ticket, "visit", by=by, at=now(), what=what, name=names(visit.theme), result=result, reason=visit.content
        )


def _check_window(due_from: datetime, due_by: datetime) -> None:
    if due_by <= due_from or due_by <= now():
        raise BadWindow
