"""What lists of tickets can show in columns, and in which orders they stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tickets.models import SavedView
from tickets.queries.keyset import Order

Sort = SavedView.Sort
ORDERS = {
    Sort.DUE: Order("sla_due_at", ascending=True),
    Sort.LATEST: Order("last_event_at"),
    Sort.QUIET: Order("last_event_at", ascending=True),
    Sort.NEWEST: Order("opened_at"),
    Sort.OLDEST: Order("opened_at", ascending=True),
    Sort.SOLVED: Order("solved_at"),
}


@dataclass(frozen=True)
class Column:
    """One column; `sorts` are the orders that its head offers, the first one first."""

    code: str
    label: Promise
    sorts: tuple[Sort, ...] = ()

    @property
    def template(self) -> str:
        return f"tickets/cells/{self.code}.html"

    def next_sort(self, present: str) -> str:
        """The order that a click on the head gives; empty where the column orders nothing."""
        if not self.sorts:
            return ""
        place = self.sorts.index(Sort(present)) + 1 if present in self.sorts else 0
        return self.sorts[place % len(self.sorts)]


COLUMNS = {
    column.code: column
    for column in (
        Column("ticket", _("Ticket")),
        Column("customer", _("Customer")),
        Column("status", _("Status")),
        Column("priority", _("Priority")),
        Column("owner", _("Owner")),
        Column("queue", _("Queue")),
        Column("type", _("Type")),
        Column("channel", _("Came by")),
        Column("grade", _("Customer's level")),
        Column("clock", _("Next clock"), (Sort.DUE,)),
        Column("last_event", _("Last event"), (Sort.LATEST, Sort.QUIET)),
        Column("opened", pgettext_lazy("moment", "Opened"), (Sort.NEWEST, Sort.OLDEST)),
        Column("solved", pgettext_lazy("moment", "Solved"), (Sort.SOLVED,)),
        Column("rating", _("Rating")),
    )
}
USUAL = ("ticket", "customer", "status", "priority", "owner", "clock", "last_event")


def columns_of(codes: Iterable[str]) -> list[Column]:
    """The columns by their codes; the ticket itself always stands first, what is unknown is left out."""
    wanted = dict.fromkeys(("ticket", *codes))
    return [COLUMNS[code] for code in wanted if code in COLUMNS]
