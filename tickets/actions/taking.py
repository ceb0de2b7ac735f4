"""Taking the next ticket: one for each who asks, within what a person may have in hand, and never beside a call."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from crmcore.actions import audit
from crmcore.models import Role, User
from crmcore.permissions import require
from tickets.actions.lifecycle import assign_ticket
from tickets.models import Ticket, TicketCapacity
from tickets.queries.capacity import load_of, untaken


class Reason(TextChoices):
    """Why there is no next ticket."""

    CALL = "call", _("Calls come first: finish the call and its wrap-up.")
    FULL = "full", _("You have as many tickets in hand as you may; finish one first.")
    NONE = "none", _("No ticket of your queues waits for somebody to take it.")


class NothingTaken(Exception):
    """No ticket was taken."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def take_next(*, by: User) -> Ticket:
    """Give the person the ticket that is due first. Several who ask at once get different ones.

    Raises NothingTaken.
    """
    require(by, "ticket", "edit")
    # Two requests of one person come one after the other, so that they do not take one too many.
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    load = load_of(by)
    if not load.has_room:
        raise NothingTaken(Reason.CALL if load.is_called else Reason.FULL)
    ticket = untaken(by).select_for_update(of=("self",), skip_locked=True).first()
    if ticket is None:
        raise NothingTaken(Reason.NONE)
    return assign_ticket(ticket, to=by, by=by)


@transaction.atomic
def set_capacity(limits: Mapping[int | None, int | None], *, by: User) -> None:
    """Limits by the id of the role, None for the whole desk; a role without a limit has the desk's."""
    require(by, "settings", "edit")
    for role_id, at_once in limits.items():
        if at_once is None:
            TicketCapacity.objects.filter(role=role_id).delete()
        else:
            role = Role.objects.get(pk=role_id) if role_id else None
            TicketCapacity.objects.update_or_create(role=role, defaults={"at_once": at_once})
    audit.record("capacity.changed", by, by=by, detail={str(key or "desk"): value for key, value in limits.items()})
