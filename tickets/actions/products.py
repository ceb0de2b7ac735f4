"""Which of the customer's products a ticket is about."""

from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import InstalledProduct, User
from crmcore.queries.rights import require_reach
from tickets.actions.changing import changing
from tickets.actions.entries import append_event
from tickets.actions.moves import WrongMove
from tickets.models import Ticket


def set_product(ticket: Ticket, product: InstalledProduct | None, *, by: User) -> Ticket:
    """Say which product the ticket is about, or none; the same said twice was said once.

    Raises WrongMove for the product of another customer, PermissionDenied.
    """
    require_reach(by, "edit", ticket)
    if product is not None:
        require_reach(by, "view", product)
    with changing(ticket) as ticket:
        if product is not None and product.account_id != ticket.account_id:
            raise WrongMove(_("This product belongs to another customer."))
        if ticket.product_id == (product.pk if product else None):
            return ticket
        ticket.product = product
        append_event(ticket, "product", by=by, at=now(), now=_names(product))
        audit.record("ticket.product_set", ticket, by=by, detail={"product": product.pk if product else None})
    return ticket


def _names(product: InstalledProduct | None) -> list[str] | None:
    if product is None:
        return None
    kind, tail = product.product, f" {product.product.model} {product.serial_number}".rstrip()
    return [kind.name + tail, (kind.name_zh or kind.name) + tail]
