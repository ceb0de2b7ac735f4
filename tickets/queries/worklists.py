"""Lists of tickets: the built-in views, search, and what is open for a customer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Contact, User
from crmcore.text_search import query_terms
from tickets.models import Ticket
from tickets.queries.keyset import Order, Page, page_of

SOLVED_RECENTLY = timedelta(days=14)
BY_DUE = Order("sla_due_at", ascending=True)
BY_LATEST = Order("last_event_at")
BY_SOLVED = Order("solved_at")
_SHOWN_WITH = ("status", "type", "queue", "assignee", "account", "contact")


@dataclass(frozen=True)
class View:
    """A saved view: whose tickets it holds, in which order."""

    code: str
    label: Promise
    icon: str
    holds: Callable[[User, datetime], Q]
    order: Order = BY_DUE


VIEWS = {
    view.code: view
    for view in (
        View("mine", _("My tickets"), "icon:user-check", lambda me, now: Q(assignee=me, is_active=True)),
        View(
            "unassigned",
            _("Unassigned"),
            "icon:user-question",
            lambda me, now: Q(assignee=None, is_active=True, queue__in=me.queues.values("pk")),
        ),
        View(
            "queues",
            _("My queues"),
            "icon:stack-2",
            lambda me, now: Q(is_active=True, queue__in=me.queues.values("pk")),
        ),
        View(
            "breaching",
            _("Due soon or overdue"),
            "icon:clock-exclamation",
            lambda me, now: Q(is_active=True, sla_state__in=(Ticket.SlaState.SOON, Ticket.SlaState.BREACHED)),
        ),
        View("open", _("All open"), "icon:ticket", lambda me, now: Q(is_active=True)),
        View(
            "solved",
            _("Solved lately"),
            "icon:circle-check",
            lambda me, now: Q(is_active=False, solved_at__gte=now - SOLVED_RECENTLY),
            BY_SOLVED,
        ),
    )
}


@dataclass(frozen=True)
class Asked:
    """What a reader of the list asked for; filters are field → value. Words look through all tickets."""

    view: str = "mine"
    words: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    at: str = ""

    @property
    def order(self) -> Order:
        return BY_LATEST if self.words else VIEWS[self.view].order


def page(asked: Asked, *, user: User, now: datetime) -> Page[Ticket]:
    """One page of what the user asked for and may see."""
    seen: QuerySet[Ticket] = Ticket.objects.visible_to(user).filter(**asked.filters)
    rows = search(seen, asked.words) if asked.words else seen.filter(VIEWS[asked.view].holds(user, now))
    return page_of(rows.select_related(*_SHOWN_WITH).defer("search"), asked.order, asked.at)


def search(rows: QuerySet[Ticket], words: str) -> QuerySet[Ticket]:
    """Those that contain all the words in number, subject or any message."""
    terms = query_terms(words)
    if not terms:
        return rows.none()
    return rows.filter(search=SearchQuery(terms, config="simple", search_type="raw"))


def my_tickets(user: User) -> QuerySet[Ticket]:
    """What a person has in hand, first due first."""
    rows = Ticket.objects.visible_to(user).filter(assignee=user, is_active=True)
    return rows.select_related(*_SHOWN_WITH).defer("search").order_by("sla_due_at", "pk")


def open_tickets_of(customer: Account | Contact, *, user: User | None = None) -> QuerySet[Ticket]:
    """A customer's open tickets, latest first; for a reader only those that they may see."""
    rows = Ticket.objects.all() if user is None else Ticket.objects.visible_to(user)
    of = Q(account=customer) if isinstance(customer, Account) else Q(contact=customer)
    return (
        rows.filter(of, is_active=True).select_related(*_SHOWN_WITH).defer("search").order_by("-last_event_at", "-pk")
    )
