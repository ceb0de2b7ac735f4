"""Dispatch orders as people see them: on a ticket, on a phone, on a board."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone

from crmcore import phone_numbers
from crmcore.models import ContactPoint, User
from crmcore.permissions import may
from tickets.models import DispatchCost, DispatchOrder, Ticket
from tickets.queries.readings import Reading

State = DispatchOrder.State
SHOWN_WITH = ("technician", "firm", "failure", "ticket__type", "ticket__product__product", "ticket__account")
LATER_DAYS = 7
MOST = 100


@dataclass(frozen=True)
class TicketVisits:
    """The visits for a ticket with what they cost by currency."""

    orders: list[DispatchOrder]
    costs: dict[str, int]
    may_order: bool


@dataclass(frozen=True)
class Workday:
    """A technician's or a firm's visits: today's, those without a time, and what comes."""

    today: list[DispatchOrder] = field(default_factory=list)
    unplanned: list[DispatchOrder] = field(default_factory=list)
    later: list[DispatchOrder] = field(default_factory=list)


def orders_seen_by(user: User) -> QuerySet[DispatchOrder]:
    """The orders in reach with all that a page shows of them."""
    rows: QuerySet[DispatchOrder] = DispatchOrder.objects.visible_to(user).select_related(*SHOWN_WITH)
    return rows.defer("ticket__search")


def visits_for(reading: Reading) -> TicketVisits:
    """What stands on the side of a ticket."""
    ticket, user = reading.ticket, reading.user
    if not may(user, "dispatch", "view"):
        return TicketVisits([], {}, may_order=False)
    orders = list(orders_seen_by(user).filter(ticket=ticket).order_by("-pk")[:MOST]) if "orders" in reading.has else []
    sums = DispatchCost.objects.filter(order__in=[order.pk for order in orders]).order_by().values("order__currency")
    totals = sums.annotate(total=Sum(F("quantity") * F("unit_minor"))).values_list("order__currency", "total")
    return TicketVisits(orders, dict(totals), reading.may_edit and may(user, "dispatch", "create"))


def visits_of_customer(ticket: Ticket, customer: User) -> list[DispatchOrder]:
    """The visits of a request that its customer is told of, the coming ones first."""
    rows = DispatchOrder.objects.visible_to(customer).filter(ticket=ticket).exclude(state=State.CANCELLED)
    return list(rows.select_related("technician", "firm").order_by("over_at", "starts_at", "pk")[:MOST])


def coming_visits(customer: User, now: datetime) -> list[DispatchOrder]:
    """The visits that a customer expects, the next one first."""
    rows = DispatchOrder.objects.visible_to(customer).filter(state__in=DispatchOrder.TAKING_TIME, ends_at__gt=now)
    return list(rows.select_related("ticket").defer("ticket__search").order_by("starts_at", "pk")[:MOST])


def workday_of(user: User, now: datetime) -> Workday:
    """What the person drives out for; people of a firm see all that was given to it."""
    rows = orders_seen_by(user)
    mine = rows if user.is_partner else rows.filter(technician=user)
    begin, end = day_span(timezone.localtime(now).date())
    open_ones = mine.filter(state__in=DispatchOrder.TAKING_TIME)
    today = mine.filter(starts_at__gte=begin, starts_at__lt=end).exclude(state__in=(State.CANCELLED, State.DECLINED))
    late = open_ones.filter(starts_at__lt=begin)
    later = open_ones.filter(starts_at__gte=end, starts_at__lt=end + timedelta(days=LATER_DAYS))
    return Workday(
        list((late | today).order_by("starts_at", "pk")[:MOST]),
        list(open_ones.filter(starts_at=None).order_by("pk")[:MOST]),
        list(later.order_by("starts_at", "pk")[:MOST]),
    )


def to_be_given(user: User) -> list[DispatchOrder]:
    """Orders that nobody drives out for, or that have no time, the oldest first."""
    open_ends = Q(technician=None, firm=None) | Q(starts_at=None) | Q(state=State.DECLINED)
    unconfirmed = Q(asked_at__isnull=False, confirmed_at=None)
    rows = orders_seen_by(user).filter(open_ends | unconfirmed)
    return list(rows.filter(state__in=DispatchOrder.MOVABLE).order_by("created_at", "pk")[:MOST])


def order_facts(ticket: Ticket) -> dict[str, Any]:
    """What is known already of a visit: the matter, the place of the product, whom to ask for."""
    product = ticket.product
    holder = ticket.contact or ticket.account
    point = holder.points.filter(kind=ContactPoint.Kind.PHONE).order_by("-is_preferred").first() if holder else None
    place = product.where if product else ticket.account.address if ticket.account else ""
    chinese = ticket.account is not None and ticket.account.language.startswith("zh")
    return {
        "task": ticket.subject,
        "place": place,
        "person": ticket.requester,
        "phone": phone_numbers.pretty(point.value) if point else "",
        "currency": "CNY" if chinese else "USD",
    }


def place_of(order: DispatchOrder) -> str:
    """Whom an order is given to and when, as text: a board that moves it says what it saw."""
    who = f"f{order.firm_id}" if order.firm_id else f"t{order.technician_id}" if order.technician_id else ""
    return f"{who}@{order.starts_at.astimezone(UTC).isoformat() if order.starts_at else ''}"


def day_span(day: date) -> tuple[datetime, datetime]:
    """Beginning and end of a day in the reader's zone."""
    zone = timezone.get_current_timezone()
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)
