"""For whom a plan of recurring visits falls due, and on which day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from crmcore.models import Account, AccountContact, Contact, InstalledProduct
from tickets.models import Category, RecurringVisits, Ticket
from tickets.visit_rhythm import months_after, occasions

Rhythm = RecurringVisits.Rhythm
YEAR = 12
# Months differ by so many days: what may fall due is asked for a little wider than what does.
SLACK = timedelta(days=3)


@dataclass(frozen=True)
class Occasion:
    """A visit that a plan asks for: its key within the plan, its day, and whose customer it is."""

    key: str
    day: date
    account: Account | None
    contact: Contact | None
    ticket: Ticket | None = None


def occasions_of(plan: RecurringVisits, first: date, last: date, zone: ZoneInfo) -> Iterator[Occasion]:
    """Those from `first` to `last`, both included; days are those of `zone`."""
    if plan.rhythm == Rhythm.CLOSING:
        return _after_closing(plan, first, last, zone)
    if plan.rhythm == Rhythm.BIRTHDAY:
        return _birthdays(plan, first, last)
    if plan.rhythm == Rhythm.YEARLY:
        return _yearly(plan, first, last)
    return _of_products(plan, first, last)


def _after_closing(plan: RecurringVisits, first: date, last: date, zone: ZoneInfo) -> Iterator[Occasion]:
    """A customer's last ended ticket counts: whoever came again since is visited after that one."""
    later = Ticket.objects.filter(solved_at__gt=OuterRef("solved_at"), is_active=False)
    same = Q(contact=OuterRef("contact")) | Q(contact=None, account=OuterRef("account"))
    ended = Ticket.objects.filter(_spans("solved_at", _windows(plan, first, last), zone), is_active=False)
    ended = ended.exclude(status__category=Category.VOID).exclude(Exists(later.filter(same)))
    for ticket in _of_grade(plan, ended.defer("search").select_related("account__owner", "contact")).iterator():
        if ticket.solved_at is None or not (ticket.account_id or ticket.contact_id):
            continue
        closed = ticket.solved_at.astimezone(zone).date()
        for day in occasions(closed, plan.months, first, last, times=plan.times):
            yield Occasion(f"ticket:{ticket.pk}:{day}", day, ticket.account, ticket.contact, ticket)


def _of_products(plan: RecurringVisits, first: date, last: date) -> Iterator[Occasion]:
    rows = InstalledProduct.objects.filter(is_active=True, account__is_active=True, account__merged_into=None)
    if plan.rhythm == Rhythm.WARRANTY:
        before = timedelta(days=plan.days_before)
        rows = rows.filter(warranty_until__range=(first + before, last + before))
    else:
        rows = rows.filter(_days("installed_on", _windows(plan, first, last)))
    rows = _of_grade(plan, rows.select_related("account__owner").prefetch_related(_primary("account__")))
    for product in rows.iterator(chunk_size=500):
        for day in _days_of_product(plan, product, first, last):
            yield Occasion(f"product:{product.pk}:{day}", day, product.account, _main_contact(product.account))


def _days_of_product(plan: RecurringVisits, product: InstalledProduct, first: date, last: date) -> list[date]:
    if plan.rhythm == Rhythm.WARRANTY:
        return [product.warranty_until - timedelta(days=plan.days_before)] if product.warranty_until else []
    return occasions(product.installed_on, plan.months, first, last, times=plan.times) if product.installed_on else []


def _birthdays(plan: RecurringVisits, first: date, last: date) -> Iterator[Occasion]:
    days = {first + timedelta(days=number) for number in range((last - first).days + 1)}
    wanted = {(day.month, day.day) for day in days}
    if (2, 28) in wanted:
        wanted.add((2, 29))
    born = Q()
    for month, day in sorted(wanted):
        born |= Q(born_on__month=month, born_on__day=day)
    people = Contact.objects.filter(born, is_active=True, merged_into=None)
    if plan.grades:
        people = people.filter(accounts__grade__in=plan.grades).distinct()
    places = Prefetch(
        "memberships", AccountContact.objects.select_related("account__owner").order_by("-is_primary", "pk")
    )
    for person in people.order_by("pk").prefetch_related(places).iterator(chunk_size=500):
        account = next((place.account for place in person.memberships.all()), None)
        for birthday in occasions(person.born_on, YEAR, first, last) if person.born_on else []:
            yield Occasion(f"contact:{person.pk}:{birthday}", birthday, account, person)


def _yearly(plan: RecurringVisits, first: date, last: date) -> Iterator[Occasion]:
    if plan.first_on is None:
        return
    days = occasions(months_after(plan.first_on, -YEAR), YEAR, max(first, plan.first_on), last)
    accounts = Account.objects.filter(is_active=True, merged_into=None)
    accounts = accounts.filter(grade__in=plan.grades) if plan.grades else accounts
    for day in days:
        for account in (
            accounts.order_by("pk").select_related("owner").prefetch_related(_primary()).iterator(chunk_size=500)
        ):
            yield Occasion(f"account:{account.pk}:{day}", day, account, _main_contact(account))


def _windows(plan: RecurringVisits, first: date, last: date) -> list[tuple[date, date]]:
    """Between which days something began that falls due between `first` and `last`."""
    counts = range(1, plan.times + 1)
    return [
        (months_after(first, -plan.months * n) - SLACK, months_after(last, -plan.months * n) + SLACK) for n in counts
    ]


def _days(field: str, windows: list[tuple[date, date]]) -> Q:
    found = Q()
    for window in windows:
        found |= Q(**{f"{field}__range": window})
    return found


def _spans(field: str, windows: list[tuple[date, date]], zone: ZoneInfo) -> Q:
    found = Q()
    for begin, end in windows:
        moments = (datetime.combine(begin, time(), zone), datetime.combine(end, time.max, zone))
        found |= Q(**{f"{field}__range": moments})
    return found


def _of_grade(plan: RecurringVisits, rows: QuerySet[Any]) -> QuerySet[Any]:
    rows = rows.filter(account__grade__in=plan.grades) if plan.grades else rows
    return rows.order_by("pk")


def _primary(path: str = "") -> "Prefetch[Any]":
    rows = AccountContact.objects.filter(is_primary=True).select_related("contact")
    return Prefetch(f"{path}memberships", rows, to_attr="primary")


def _main_contact(account: Any) -> Contact | None:
    return account.primary[0].contact if account.primary else None
