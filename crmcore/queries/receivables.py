"""What customers owe, as people look for it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Min, QuerySet, Sum

from crmcore.models import Account, Due, User

PAGE = 100


@dataclass(frozen=True)
class Overdue:
    """What of one customer is late, in one currency."""

    currency: str
    left_minor: int
    number: int
    since: date


def dues_of(account: Account, user: User) -> QuerySet[Due]:
    """The payment plan of a customer, as far as `user` may view it: what is open first, by its day."""
    rows = Due.objects.visible_to(user).filter(account=account)
    return rows.select_related("contract").order_by("-is_open", "due_on", "pk")


def overdue_of(account: Account, user: User, day: date) -> list[Overdue]:
    """What a customer is late with on a day; one line for each currency."""
    rows = Due.objects.visible_to(user).filter(account=account, is_open=True, due_on__lt=day)
    sums = (
        rows.order_by()
        .values("currency")
        .annotate(left=Sum(F("amount_minor") - F("paid_minor")), number=Count("pk"), since=Min("due_on"))
    )
    return [Overdue(one["currency"], one["left"], one["number"], one["since"]) for one in sums.order_by("since")]


def overdue_dues(user: User, day: date) -> list[Due]:
    """What is late on a day, the longest first, at most a page."""
    rows = Due.objects.visible_to(user).filter(is_open=True, due_on__lt=day).select_related("account", "contract")
    return list(rows.order_by("due_on", "pk")[:PAGE])
