"""Contracts as people look for them, and the approvals that they need."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from crmcore.amount_conditions import reached, read_limits
from crmcore.models import Account, ApprovalPlan, Contract, User

SUBJECT = "contract"
PAGE = 50


def contracts_of(account: Account, user: User) -> QuerySet[Contract]:
    """The contracts of a customer that `user` may view, the newest first."""
    rows = Contract.objects.visible_to(user).filter(account=account)
    return rows.select_related("account", "owner").order_by("-pk")


def page_of_contracts(user: User, *, state: str = "", before: int | None = None) -> tuple[list[Contract], int | None]:
    """The contracts that `user` may view, the newest first, and the key that leads on."""
    rows = Contract.objects.visible_to(user).select_related("account", "owner")
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def plans_for(contract: Contract) -> list[ApprovalPlan]:
    """The plans in use by which a contract needs leave before it is signed."""
    plans = ApprovalPlan.objects.filter(subject=SUBJECT, is_active=True).prefetch_related("versions")
    return [plan for plan in plans if needs_leave(contract, plan.versions.all()[0].read().conditions)]


def needs_leave(contract: Contract, conditions: Mapping[str, Any]) -> bool:
    """Whether a contract comes up to the limits of a plan."""
    return reached(read_limits(conditions), minor=contract.amount_minor, currency=contract.currency)
