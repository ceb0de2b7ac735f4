"""Return visits as a call list: whose, how pressing, whom to call; and one visit with all that is known of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import ContactPoint, User
from tickets.models import Visit, VisitMethod, VisitTheme
from tickets.queries.keyset import Order, Page, page_of

LISTS: dict[str, Promise] = {"mine": _("Mine"), "team": _("All I see"), "ended": _("Ended")}
SHOWN = 5
BY_DUE, BY_END = Order("due_by", ascending=True), Order("ended_at")


@dataclass(frozen=True)
class VisitRow:
    """A visit with its mark (late, soon, now or empty) and the number to call."""

    visit: Visit
    mark: str
    number: str

    @property
    def name(self) -> str:
        holder = self.visit.contact or self.visit.account
        return holder.name if holder else ""


def visit_page(user: User, which: str, at: str, now: datetime) -> tuple[Page[Visit], list[VisitRow]]:
    """A page of one of the lists, the first to be missed first."""
    rows = visits_of(user)
    if which == "ended":
        page = page_of(rows.filter(ended_at__isnull=False), BY_END, at)
    else:
        mine = Q(assignee=user) if which == "mine" else Q()
        page = page_of(rows.filter(mine, ended_at=None), BY_DUE, at)
    return page, rows_of(page.rows, now)


def visits_of(user: User) -> QuerySet[Visit]:
    """Those whom the person may see, with what a row shows."""
    related = ("method", "theme", "contact", "account", "assignee", "ticket", "team")
    return Visit.objects.visible_to(user).select_related(*related).defer("ticket__search")


def rows_of(visits: Iterable[Visit], now: datetime) -> list[VisitRow]:
    """The visits with their numbers, found for all of them at once."""
    shown = list(visits)
    contacts, accounts = [one.contact_id for one in shown], [one.account_id for one in shown]
    holders = Q(contact__in=contacts) | Q(account__in=accounts)
    points = ContactPoint.objects.filter(holders, kind=ContactPoint.Kind.PHONE, opted_out=False)
    of_contact: dict[int, str] = {}
    of_account: dict[int, str] = {}
    for point in points.order_by("-is_preferred", "pk"):
        if point.contact_id is not None:
            of_contact.setdefault(point.contact_id, point.value)
        elif point.account_id is not None:
            of_account.setdefault(point.account_id, point.value)
    return [
        VisitRow(one, one.mark(now), of_contact.get(one.contact_id or 0) or of_account.get(one.account_id or 0) or "")
        for one in shown
    ]


def methods_for(user: User) -> QuerySet[VisitMethod]:
    """The desk's methods, the person's own, and those that colleagues share."""
    return VisitMethod.objects.filter(Q(owner=None) | Q(owner=user) | Q(is_shared=True), is_active=True)


def themes_for(user: User) -> QuerySet[VisitTheme]:
    """Themes by the same rule."""
    return VisitTheme.objects.filter(Q(owner=None) | Q(owner=user) | Q(is_shared=True), is_active=True)


def colleagues_for(visit: Visit) -> QuerySet[User]:
    """Who may be given the visit: the team's people, whoever serves the ticket's queue."""
    served = Q(queue_memberships__queue=visit.ticket.queue_id) if visit.ticket else Q()
    team = Q(teams=visit.team_id) if visit.team_id else Q()
    staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True)
    return staff.filter(served | team).distinct().order_by("name", "pk") if served or team else staff.order_by("name")


def due_visits(user: User, now: datetime) -> list[VisitRow]:
    """The person's own visits whose time has come, for the console's list."""
    mine = visits_of(user).filter(assignee=user, ended_at=None, due_from__lte=now)
    return rows_of(mine.order_by("due_by", "pk")[:SHOWN], now)
