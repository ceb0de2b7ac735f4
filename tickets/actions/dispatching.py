"""Dispatch orders in the office: written, given to somebody for a time, moved, called off."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crmcore import live
from crmcore.actions import audit
from crmcore.actions.notices import notify
from crmcore.actions.numbers import next_number
from crmcore.clock import now
from crmcore.models import Firm, NoticeKind, User
from crmcore.permissions import require
from crmcore.queries.rights import require_reach
from tickets.actions.changing import changing
from tickets.actions.entries import append_event
from tickets.actions.moves import WrongMove
from tickets.events import DispatchChanged
from tickets.models import DispatchOrder, Technician, Ticket, VisitCheck, VisitKind
from tickets.queries.merged import survivor_of

State = DispatchOrder.State
LONGEST = timedelta(hours=24)
_ONE_PLACE = "technician_in_one_place"


class SlotTaken(WrongMove):
    """Somebody else has this time already."""

    def __init__(self) -> None:
        super().__init__(_("This time was taken a moment ago. Choose another one."))


@dataclass(frozen=True)
class Window:
    """When somebody comes; both aware."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if not timedelta(0) < self.ends_at - self.starts_at <= LONGEST:
            raise WrongMove(_("An appointment ends after it begins, within a day."))


def write_order(
    ticket: Ticket, *, by: User | None, task: str, kind: str = VisitKind.REPAIR, once: UUID | None = None, **facts: Any
) -> DispatchOrder:
    """Write an order for a ticket; `facts` are place, person, phone and currency, by default those of the customer.

    The same `once` is the same order. Raises PermissionDenied, WrongMove.
    """
    if by is not None:
        require(by, "dispatch", "create")
        require_reach(by, "edit", ticket)
    if not task.strip():
        raise WrongMove(_("Say what is to be done there."))
    with changing(survivor_of(ticket)) as ticket:
        known = DispatchOrder.objects.filter(once=once).first() if once else None
        if known is not None:
            return known
        order = DispatchOrder(
            number=next_number("dispatch", prefix="D-"),
            ticket=ticket,
            kind=kind,
            task=task.strip(),
            checks=_checks(kind),
            created_by=by,
            created_at=now(),
            **facts,
        )
        order.once = once or order.once
        order.save()
        note_change(order, ticket, "written", by)
    return order


def give_order(
    order: DispatchOrder,
    *,
    by: User | None,
    technician: User | None = None,
    firm: Firm | None = None,
    window: Window | None = None,
) -> DispatchOrder:
    """Give an order to a technician or a firm for a time, or take it back; the same again is no change.

    Raises SlotTaken, WrongMove, PermissionDenied.
    """
    require_reach(by, "assign", order)
    if technician is not None and not _drives(technician, firm):
        raise WrongMove(_("%(name)s does not drive out for this order.") % {"name": technician.name})
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        if order.state not in DispatchOrder.MOVABLE:
            raise WrongMove(_("This visit has begun or is over; it cannot be moved."))
        before = (order.technician_id, order.firm_id, order.starts_at, order.ends_at)
        order.technician, order.firm = technician, firm
        order.starts_at, order.ends_at = (window.starts_at, window.ends_at) if window else (None, None)
        if before == (order.technician_id, order.firm_id, order.starts_at, order.ends_at):
            return order
        order.state, order.accepted_at, order.reason = State.PLANNED, None, ""
        order.confirmed_at = order.confirmed_at or now()
        save_in_time(order)
        note_change(order, ticket, "given", by)
        _notify(order)
    return order


def cancel_order(order: DispatchOrder, *, by: User | None, reason: str) -> DispatchOrder:
    """Call a visit off; again is no change. Raises WrongMove for one that is over or without a reason."""
    require_reach(by, "assign", order)
    if not reason.strip():
        raise WrongMove(_("Say why."))
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        if order.state == State.CANCELLED:
            return order
        if order.is_over:
            raise WrongMove(_("This visit is over."))
        order.state, order.over_at, order.reason = State.CANCELLED, now(), reason.strip()[:300]
        order.save()
        note_change(order, ticket, "cancelled", by, reason=order.reason)
        _notify(order)
    return order


def locked(order: DispatchOrder) -> DispatchOrder:
    """The order, fresh and nobody else's until the transaction ends; its ticket is locked first."""
    DispatchOrder.objects.select_for_update(of=("self",)).values("pk").get(pk=order.pk)
    return DispatchOrder.objects.select_related("technician", "firm", "failure").get(pk=order.pk)


def save_in_time(order: DispatchOrder) -> None:
    """Store an order whose time or people changed. Raises SlotTaken: the database lets nobody be in two places."""
    _refuse_crowd(order)
    try:
        with transaction.atomic():
            order.save()
    except IntegrityError as refused:
        if _ONE_PLACE not in str(refused):
            raise
        raise SlotTaken from refused


def tell(order: DispatchOrder) -> None:
    """Let boards, the technician's and the firm's screens look again."""
    event = DispatchChanged(order_id=order.pk, ticket_id=order.ticket_id)
    topics = ["field", f"ticket:{order.ticket_id}"]
    topics += [f"agent:{order.technician_id}"] if order.technician_id else []
    topics += [f"firm:{order.firm_id}"] if order.firm_id else []
    live.publish_all((topic, event) for topic in topics)


def require_own(order: DispatchOrder, by: User) -> None:
    """Who does the work: its technician, the firm's people, or who may give it to somebody else."""
    if by.is_portal:
        raise PermissionDenied(order.number)
    require_reach(by, "edit", order)


def _drives(person: User, firm: Firm | None) -> bool:
    if firm is not None:
        return person.firm_id == firm.pk and person.is_active
    return Technician.objects.filter(user=person, is_active=True, user__is_active=True).exists()


def _refuse_crowd(order: DispatchOrder) -> None:
    """A firm makes as many visits at once as it has crews."""
    if order.firm_id is None or order.starts_at is None or order.ends_at is None:
        return
    firm = Firm.objects.select_for_update().get(pk=order.firm_id)
    beside = DispatchOrder.objects.filter(firm=firm, state__in=DispatchOrder.TAKING_TIME).exclude(pk=order.pk)
    if beside.filter(starts_at__lt=order.ends_at, ends_at__gt=order.starts_at).count() >= firm.crews:
        raise SlotTaken


def _checks(kind: str) -> list[dict[str, Any]]:
    rows = VisitCheck.objects.filter(is_active=True, visit_kind__in=("", kind)).order_by("position", "pk")
    return [{"name": row.name, "name_zh": row.name_zh or row.name, "done": False} for row in rows]


def note_change(order: DispatchOrder, ticket: Ticket, what: str, by: User | None, **detail: Any) -> None:
    """Write on the timeline and the trail what became of an order, and tell the screens."""
    facts: dict[str, Any] = {"what": what, "number": order.number, "who": _who(order)}
    facts["when"] = order.starts_at.isoformat() if order.starts_at else ""
    append_event(ticket, "dispatch", by=by, at=now(), **facts, **detail)
    audit.record(f"dispatch.{what}", order, by=by, detail={"ticket": ticket.number, **facts})
    tell(order)


def _who(order: DispatchOrder) -> list[str] | None:
    if order.firm is not None:
        return [order.firm.name, order.firm.name_zh or order.firm.name]
    return [order.technician.name, order.technician.name] if order.technician else None


def _notify(order: DispatchOrder) -> None:
    if order.technician is None or order.technician.is_partner:
        return
    words = gettext_lazy("Visit %(number)s: %(state)s")
    facts = {"number": order.number, "state": State(order.state).label}
    notify(order.technician, NoticeKind.DISPATCH, words, url=order.get_absolute_url(), facts=facts)
