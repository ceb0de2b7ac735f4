"""Visits that customers ask for themselves: where the type of their request allows it, once, at a free time."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import User
from crmcore.queries.rights import reaches, require_reach
from tickets.actions.appointments import book
from tickets.actions.changing import changing
from tickets.actions.dispatching import locked, note_change, write_order
from tickets.actions.moves import WrongMove
from tickets.models import DispatchOrder, Ticket, TicketType
from tickets.queries.dispatch import order_facts
from tickets.queries.merged import survivor_of
from tickets.queries.visit_requests import may_ask_for_visit, open_order


@transaction.atomic
def ask_for_visit(ticket: Ticket, key: str, *, by: User, words: str = "") -> DispatchOrder:
    """Take a free slot for a new visit; whoever asked for it already has it, however often the form comes.

    It waits for the office where the type says so. Raises SlotTaken, WrongMove, PermissionDenied.
    """
    if not by.is_portal or not reaches(by, "edit", ticket):
        raise PermissionDenied(ticket.number)
    ticket = survivor_of(ticket)
    # The ticket first, as everybody locks who changes it: two forms at once make one visit.
    Ticket.objects.select_for_update(of=("self",)).values("pk").get(pk=ticket.pk)
    known = open_order(ticket)
    if known is not None:
        if known.slot_key == key:
            return known
        raise WrongMove(_("A visit is planned already. You can change its time."))
    if not may_ask_for_visit(ticket):
        raise WrongMove(_("No visit can be booked for this request. Please call us."))
    facts = order_facts(ticket)
    task = "\n".join(part for part in (facts.pop("task"), words.strip()) if part)
    at = now()
    confirmed = None if ticket.type.visit_booking == TicketType.Booking.ASKS else at
    order = write_order(ticket, by=None, task=task, asked_at=at, confirmed_at=confirmed, **facts)
    return book(order, key, by=by)


def confirm_visit(order: DispatchOrder, *, by: User) -> DispatchOrder:
    """Say yes to what a customer asked for; again is no change. Raises WrongMove, PermissionDenied."""
    require_reach(by, "assign", order)
    with changing(survivor_of(order.ticket)) as ticket:
        order = locked(order)
        if not order.awaits_confirmation:
            return order
        if order.is_over:
            raise WrongMove(_("This visit is over."))
        order.confirmed_at = now()
        order.save()
        note_change(order, ticket, "confirmed", by)
    return order
