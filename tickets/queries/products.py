"""The product that a ticket is about: its warranty when the fault was reported, and how often it came back."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet

from crmcore.models import InstalledProduct, User, Warranty
from crmcore.queries.products import OF_A_CUSTOMER, products_of
from tickets.models import FieldTerms, Ticket

LATEST = 20


@dataclass(frozen=True)
class TicketProduct:
    """What the side of a ticket says; `choices` are the customer's products, none without the right to choose."""

    installed: InstalledProduct | None
    warranty: Warranty
    repeats: int
    days: int
    choices: list[InstalledProduct]


def product_of(ticket: Ticket, user: User, *, may_edit: bool) -> TicketProduct:
    """The ticket's product as far as the reader may view it, with the warranty as of the day of the report."""
    installed = None
    if ticket.product_id:
        rows = InstalledProduct.objects.visible_to(user).select_related("product", "account", "estate")
        installed = rows.filter(pk=ticket.product_id).first()
    warranty = installed.warranty_at(ticket.opened_at) if installed else Warranty.UNKNOWN
    days = FieldTerms.current().repeat_days if installed else 0
    repeats = earlier_reports(ticket, days).count() if installed else 0
    own = may_edit and ticket.account is not None
    choices = list(products_of(ticket.account, user)[:OF_A_CUSTOMER]) if own and ticket.account else []
    return TicketProduct(installed, warranty, repeats, days, choices)


def earlier_reports(ticket: Ticket, days: int) -> QuerySet[Ticket]:
    """Tickets about the same product that were opened within so many days before this one."""
    since = ticket.opened_at - timedelta(days=days)
    rows = Ticket.objects.filter(product=ticket.product_id, opened_at__gte=since, opened_at__lt=ticket.opened_at)
    return rows.exclude(pk=ticket.pk)


@dataclass(frozen=True)
class Repair:
    """One ticket about a product; `is_repeat` when it came within so many days of the one before."""

    ticket: Ticket
    is_repeat: bool


def repairs_of(installed: InstalledProduct, user: User, days: int) -> list[Repair]:
    """The latest tickets about a product that the reader may see, the newest first."""
    rows = Ticket.objects.visible_to(user).filter(product=installed).select_related("status", "type").defer("search")
    found = list(rows.order_by("-opened_at", "-pk")[: LATEST + 1])
    before = [*found[1:], None]
    span = timedelta(days=days)
    pairs = zip(found, before, strict=False)
    return [Repair(one, prior is not None and one.opened_at - prior.opened_at <= span) for one, prior in pairs][:LATEST]
