"""A visit as it is made: accepted, driven to, arrived at, written down, done or failed; each step once."""

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import User
from crmcore.permissions import require_operation
from crmcore.queries.rights import require_reach
from tickets.actions.changing import changing
from tickets.actions.dispatching import State, locked, note_change, require_own
from tickets.actions.entries import Channel, Direction, append
from tickets.actions.fields import BadFields, set_fields
from tickets.actions.files import enclose
from tickets.actions.moves import WrongMove
from tickets.actions.stages import take_step
from tickets.mail.mime import MailFile
from tickets.models import DispatchOrder, FailureReason, Ticket, VisitKind
from tickets.queries.dispatch_files import bytes_of
from tickets.queries.fields import fields_of
from tickets.queries.merged import survivor_of
from tickets.queries.stages import category_of, lacking, open_visit

_PATH = (State.PLANNED, State.ACCEPTED, State.ON_WAY, State.ON_SITE, State.DONE)
_STAMPS = {State.ACCEPTED: "accepted_at", State.ON_WAY: "left_at", State.ON_SITE: "arrived_at"}
# Where the stage of a ticket stands that a visit on site can finish, and the field with what was found.
INSPECTION, FINDING = "inspection", "finding"


def go_on(order: DispatchOrder, to: str, *, by: User) -> DispatchOrder:
    """Take the next step up to being on site; a step that was taken is not taken again.

    Raises WrongMove when another one comes first, PermissionDenied.
    """
    require_operation(by, "visits.work")
    require_own(order, by)
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        require_own(order, by)
        if to not in _STAMPS or order.state not in _PATH:
            raise WrongMove(_("This step is not possible any more."))
        ahead = _PATH.index(State(to)) - _PATH.index(State(order.state))
        if ahead <= 0:
            return order
        if ahead > 1:
            raise WrongMove(_("Another step comes first."))
        if by.is_partner and order.technician is None:
            order.technician = by
        if order.technician is None and order.firm is None:
            raise WrongMove(_("Nobody drives out for this order yet."))
        if order.awaits_confirmation:
            raise WrongMove(_("The office has not confirmed this visit yet."))
        order.state = State(to)
        setattr(order, _STAMPS[State(to)], now())
        order.save()
        note_change(order, ticket, to, by)
    return order


def decline(order: DispatchOrder, *, by: User, reason: str) -> DispatchOrder:
    """Say that one cannot come; the order goes back to the dispatcher. Raises WrongMove without a reason."""
    require_operation(by, "visits.work")
    require_own(order, by)
    if not reason.strip():
        raise WrongMove(_("Say why."))
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        require_own(order, by)
        if order.state == State.DECLINED:
            return order
        if order.state not in (State.PLANNED, State.ACCEPTED):
            raise WrongMove(_("This visit has begun or is over; it cannot be moved."))
        order.state, order.reason, order.accepted_at = State.DECLINED, reason.strip()[:300], None
        order.save()
        note_change(order, ticket, "declined", by, reason=order.reason)
    return order


@transaction.atomic
def finish(order: DispatchOrder, *, by: User, result: str, signed_by: str = "") -> DispatchOrder:
    """The work is done: the ticket gets what was done, photos and signature; again is no change.

    A finding on site is filled in and ends the stage of inspection where nothing else is missing.
    Raises WrongMove, PermissionDenied.
    """
    require_operation(by, "visits.finish")
    require_own(order, by)
    if not result.strip():
        raise WrongMove(_("Write what was done."))
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        require_own(order, by)
        if order.state == State.DONE:
            return order
        if order.state != State.ON_SITE:
            raise WrongMove(_("Another step comes first."))
        order.state, order.over_at, order.result = State.DONE, now(), result.strip()
        order.signed_by = signed_by.strip()[:120]
        order.save()
        note_change(order, ticket, "done", by)
        _write_down(order, ticket, by)
    _end_inspection(order, ticket)
    return order


def fail(order: DispatchOrder, *, by: User, failure: FailureReason, words: str = "") -> DispatchOrder:
    """The visit came to nothing; again is no change. Raises WrongMove, PermissionDenied."""
    require_operation(by, "visits.finish")
    require_own(order, by)
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        require_own(order, by)
        if order.state == State.FAILED:
            return order
        if order.state not in (State.ACCEPTED, State.ON_WAY, State.ON_SITE):
            raise WrongMove(_("This step is not possible any more."))
        order.state, order.over_at, order.failure = State.FAILED, now(), failure
        order.reason = words.strip()[:300]
        order.save()
        why = [failure.name, failure.name_zh or failure.name]
        note_change(order, ticket, "failed", by, why=why, reason=order.reason)
    return order


def set_check(order: DispatchOrder, place: int, *, by: User, done: bool) -> DispatchOrder:
    """Tick a line of the checklist or take the tick back."""
    require_operation(by, "visits.work")
    require_reach(by, "edit", order)
    with transaction.atomic():
        order = locked(order)
        require_own(order, by)
        refuse_over(order)
        if 0 <= place < len(order.checks) and order.checks[place]["done"] != done:
            order.checks[place]["done"] = done
            order.save(update_fields=["checks"])
    return order


def refuse_over(order: DispatchOrder) -> None:
    """What was written down stays once the visit is over. Raises WrongMove."""
    if order.is_over:
        raise WrongMove(_("This visit is over."))


def _write_down(order: DispatchOrder, ticket: Ticket, by: User) -> None:
    entry = append(
        ticket,
        channel=Channel.NOTE,
        direction=Direction.INTERNAL,
        by=by,
        occurred_at=now(),
        body=order.result,
        detail={"visit": order.number},
    )
    enclose(entry, [MailFile(file.name, bytes_of(file), "") for file in order.files.all()])


def _end_inspection(order: DispatchOrder, ticket: Ticket) -> None:
    if order.kind != VisitKind.INSPECTION:
        return
    if fields_of(ticket.type).filter(code=FINDING).exists() and not ticket.fields.get(FINDING):
        try:
            ticket = set_fields(ticket, {FINDING: order.result}, by=None)
        except BadFields:
            return
    visit = open_visit(ticket)
    if visit is None or visit.stage != INSPECTION or lacking(ticket, visit):
        return
    flow = visit.version.read()
    stage = flow.stage(visit.stage)
    ways = flow.ways(stage, category_of(ticket, flow)) if stage else ()
    if ways:
        take_step(ticket, "work", ways[0], visit=visit.pk, by=None)
