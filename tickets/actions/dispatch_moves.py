"""Moving visits on the dispatch board: to somebody else or another hour, as it was seen, within what a day holds."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.clock import now
from crmcore.models import Firm, User
from crmcore.queries.rights import require_reach
from tickets.actions.dispatching import Window, give_order, locked
from tickets.actions.moves import WrongMove
from tickets.models import DispatchOrder, FieldTerms, Technician, Ticket
from tickets.queries.dispatch import place_of
from tickets.queries.merged import survivor_of
from tickets.queries.slots import local_day


class MovedMeanwhile(WrongMove):
    """A colleague was faster; the board shows what holds."""

    def __init__(self, order: DispatchOrder) -> None:
        super().__init__(_("A colleague has moved %(number)s meanwhile. Look again.") % {"number": order.number})


@dataclass(frozen=True)
class Target:
    """Where a visit is dropped: on a technician or a firm, at an aware moment."""

    starts_at: datetime
    technician: User | None = None
    firm: Firm | None = None


@transaction.atomic
def move_order(order: DispatchOrder, target: Target, *, seen: str, by: User) -> DispatchOrder:
    """Move a visit whose place was `seen` as `place_of` writes it; it keeps its length, a new one gets a slot's.

    The same move again is no change. Raises MovedMeanwhile, SlotTaken, WrongMove, PermissionDenied.
    """
    require_reach(by, "assign", order)
    # The ticket first, as everybody locks who changes it.
    Ticket.objects.select_for_update(of=("self",)).values("pk").get(pk=survivor_of(order.ticket).pk)
    order = locked(order)
    window = Window(target.starts_at, target.starts_at + _length(order))
    wanted = (target.technician, target.firm, window.starts_at, window.ends_at)
    if (order.technician, order.firm, order.starts_at, order.ends_at) == wanted:
        return order
    if place_of(order) != seen:
        raise MovedMeanwhile(order)
    if window.ends_at <= now():
        raise WrongMove(_("This time has passed."))
    if target.technician is not None and target.firm is None:
        _refuse_full_day(order, target.technician, window)
    return give_order(order, by=by, technician=target.technician, firm=target.firm, window=window)


def _length(order: DispatchOrder) -> timedelta:
    if order.starts_at and order.ends_at:
        return order.ends_at - order.starts_at
    return timedelta(minutes=FieldTerms.current().slot_minutes)


def _refuse_full_day(order: DispatchOrder, person: User, window: Window) -> None:
    """Nobody makes more visits a day than agreed; two dispatchers are counted one after the other."""
    Technician.objects.select_for_update(of=("self",)).values("pk").filter(user=person).first()
    one = Technician.objects.filter(user=person).select_related("calendar").first()
    if one is None:
        return
    begin, end = local_day(one, window.starts_at)
    taken = DispatchOrder.objects.filter(technician=person, state__in=(*DispatchOrder.TAKING_TIME, "done"))
    if taken.filter(starts_at__gte=begin, starts_at__lt=end).exclude(pk=order.pk).count() >= one.most_a_day:
        words = _("%(name)s has %(count)d visits on this day already, as many as agreed.")
        raise WrongMove(words % {"name": person.name, "count": one.most_a_day})
