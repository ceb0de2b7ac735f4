"""Appointments by slot: booked, moved and cancelled by the desk or by the customer; nobody books a taken one."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import reaches, require_reach
from tickets.actions.changing import changing
from tickets.actions.dispatching import SlotTaken, State, locked, note_change, save_in_time
from tickets.actions.moves import WrongMove
from tickets.models import DispatchOrder, FieldTerms
from tickets.queries.merged import survivor_of
from tickets.queries.slots import Slot, free_slots, slot_called


def book(order: DispatchOrder, key: str, *, by: User) -> DispatchOrder:
    """Take a free slot for an order, with whoever has least to do that day; the same slot again is no change.

    Of two who take the last technician of a slot, one gets SlotTaken. Raises WrongMove, PermissionDenied.
    """
    _require_booker(order, by)
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        if order.starts_at and Slot(order.starts_at, order.starts_at, ()).key == key:
            return order
        if order.state not in DispatchOrder.MOVABLE or order.firm_id:
            raise WrongMove(_("This appointment cannot be changed any more. Please call us."))
        slot = slot_called(free_slots(ticket.queue, now(), notice=by.is_portal), key)
        if slot is None:
            raise SlotTaken
        _take(order, slot)
        note_change(order, ticket, "booked", by)
    return order


def give_back(order: DispatchOrder, *, by: User) -> DispatchOrder:
    """Cancel the time but not the visit, which can be booked again; again is no change."""
    _require_booker(order, by)
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        if order.starts_at is None:
            return order
        if order.state not in DispatchOrder.MOVABLE or order.firm_id:
            raise WrongMove(_("This appointment cannot be changed any more. Please call us."))
        order.starts_at = order.ends_at = order.technician = order.accepted_at = None
        order.state = State.PLANNED
        order.save()
        note_change(order, ticket, "given_back", by)
    return order


def _take(order: DispatchOrder, slot: Slot) -> None:
    """Try the technicians of the slot in turn: another desk may have given one away since they were read."""
    order.starts_at, order.ends_at = slot.starts_at, slot.ends_at
    order.state, order.accepted_at = State.PLANNED, None
    for person in slot.technicians:
        order.technician_id = person
        try:
            save_in_time(order)
        except SlotTaken:
            continue
        return
    raise SlotTaken


def _require_booker(order: DispatchOrder, by: User) -> None:
    if not by.is_portal:
        require_reach(by, "assign", order)
        return
    if not FieldTerms.current().customers_book or not reaches(by, "edit", order):
        raise PermissionDenied(order.number)
