"""What people of outside firms see of tickets and of products."""

from django.db.models import QuerySet

from crmcore.models import InstalledProduct, User
from crmcore.permissions import may_operate
from crmcore.serials import serial
from tickets.models import Category, DispatchOrder, Ticket, TicketStatus

SHORTEST_SERIAL = 4
MOST = 20
_LEFT_TO_FIRMS = (Category.OPEN, Category.WAITING_CUSTOMER, Category.ON_HOLD)


def tickets_of_firm(user: User) -> QuerySet[Ticket]:
    """The tickets for which the reader's firm drives out."""
    rows: QuerySet[Ticket] = Ticket.objects.visible_to(user).exclude(status__category=Category.VOID)
    return rows.select_related("status", "type", "product__product", "product__account", "assignee").defer("search")


def statuses_for_firms() -> list[TicketStatus]:
    """Those that a firm may set: neither new nor at an end."""
    rows = TicketStatus.objects.filter(category__in=_LEFT_TO_FIRMS, is_retired=False)
    return list(rows.order_by("position", "pk"))


def visits_of_firm(ticket: Ticket, user: User) -> list[DispatchOrder]:
    """The firm's own visits for a ticket."""
    return list(DispatchOrder.objects.visible_to(user).filter(ticket=ticket).order_by("-pk")[:MOST])


def products_by_serial(typed: str, user: User) -> list[InstalledProduct]:
    """The products with exactly this serial number, for people of firms that may look them up; for nobody else."""
    wanted = serial(typed)
    if not user.is_partner or not may_operate(user, "products.see") or len(wanted) < SHORTEST_SERIAL:
        return []
    rows = InstalledProduct.objects.filter(serial_number=wanted).select_related("product", "account")
    return list(rows.order_by("pk")[:MOST])


def visits_to_product(product: InstalledProduct, user: User) -> list[DispatchOrder]:
    """The firm's own visits to a product, the latest first; none where it is not given that."""
    if not may_operate(user, "products.history"):
        return []
    rows = DispatchOrder.objects.visible_to(user).filter(ticket__product=product)
    return list(rows.order_by("-starts_at", "-pk")[:MOST])
