"""Lists of tickets: what a saved view holds, search, and what is open for a customer."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from crmcore.models import Account, Contact, User
from crmcore.text_search import query_terms
from tickets.models import SavedView, Ticket
from tickets.queries.columns import ORDERS
from tickets.queries.keyset import Order, Page, page_of
from tickets.queries.saved_views import tickets_in

_SHOWN_WITH = ("status", "type", "queue", "assignee", "account", "contact")


@dataclass(frozen=True)
class Asked:
    """What a reader of the list asked for; filters are field → value. Words look through all tickets."""

    view: SavedView
    words: str = ""
    filters: dict[str, str] = field(default_factory=dict)
    chosen_sort: str = ""
    at: str = ""

    @property
    def sort(self) -> str:
        """The order that was chosen, else that of the view; what words find comes latest first."""
        return self.chosen_sort or (SavedView.Sort.LATEST if self.words else self.view.sort)

    @property
    def order(self) -> Order:
        return ORDERS[SavedView.Sort(self.sort)]


def page(asked: Asked, *, user: User, now: datetime) -> Page[Ticket]:
    """One page of what the user asked for and may see."""
    seen: QuerySet[Ticket] = Ticket.objects.visible_to(user)
    rows = search(seen, asked.words) if asked.words else tickets_in(asked.view, user, now)
    return page_of(with_rows(rows.filter(**asked.filters)), asked.order, asked.at)


def with_rows(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """With everything that a row of a list shows."""
    return rows.select_related(*_SHOWN_WITH).defer("search")


def search(rows: QuerySet[Ticket], words: str) -> QuerySet[Ticket]:
    """Those that contain all the words in number, subject or any message."""
    terms = query_terms(words)
    if not terms:
        return rows.none()
    return rows.filter(search=SearchQuery(terms, config="simple", search_type="raw"))


def my_tickets(user: User) -> QuerySet[Ticket]:
    """What a person has in hand, first due first."""
    rows = Ticket.objects.visible_to(user).filter(assignee=user, is_active=True)
    return with_rows(rows).order_by("sla_due_at", "pk")


def open_tickets_of(customer: Account | Contact, *, user: User | None = None) -> QuerySet[Ticket]:
    """A customer's open tickets, latest first; for a reader only those that they may see."""
    rows = Ticket.objects.all() if user is None else Ticket.objects.visible_to(user)
    of = Q(account=customer) if isinstance(customer, Account) else Q(contact=customer)
    return with_rows(rows.filter(of, is_active=True)).order_by("-last_event_at", "-pk")
