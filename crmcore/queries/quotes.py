"""Quotes as people look for them, and the approvals that they need."""

from dataclasses import dataclass

from django.db.models import QuerySet

from crmcore.amount_conditions import reached, read_limits
from crmcore.models import Account, ApprovalPlan, Quote, User

SUBJECT = "quote"
PAGE = 50


@dataclass(frozen=True)
class QuotePage:
    """One page, the newest first; `older` leads on."""

    rows: list[Quote]
    older: int | None


def page_of_quotes(user: User, *, state: str = "", before: int | None = None) -> QuotePage:
    """The quotes that `user` may view, in a state or all."""
    rows = Quote.objects.visible_to(user).select_related("account", "owner")
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return QuotePage(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)


def quotes_of(account: Account, user: User) -> QuerySet[Quote]:
    """The quotes of a customer that `user` may view, the newest first; replaced versions are left out."""
    rows = Quote.objects.visible_to(user).filter(account=account).exclude(state=Quote.State.REPLACED)
    return rows.select_related("account", "owner").order_by("-pk")


def versions_of(quote: Quote) -> list[Quote]:
    """All versions of a quote, the newest first; who sees one sees all."""
    return list(Quote.objects.filter(number=quote.number).order_by("-version"))


def plans_for(quote: Quote) -> list[ApprovalPlan]:
    """The plans in use by which a quote needs leave before it goes out."""
    plans = ApprovalPlan.objects.filter(subject=SUBJECT, is_active=True).prefetch_related("versions")
    return [plan for plan in plans if needs_leave(quote, plan.versions.all()[0].read().conditions)]


def needs_leave(quote: Quote, conditions: object) -> bool:
    """Whether a quote comes up to the limits of a plan."""
    limits = read_limits(conditions if isinstance(conditions, dict) else {})
    return reached(limits, minor=quote.total_minor, currency=quote.currency, discount_rate=quote.greatest_discount)
