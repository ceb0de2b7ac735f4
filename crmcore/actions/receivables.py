"""Payment plans: dues written down, payments booked once, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import permissions
from crmcore.actions import audit
from crmcore.actions.announcements import announce_account
from crmcore.clock import now
from crmcore.models import Account, Contract, Due, Payment, User
from crmcore.queries.rights import require_reach


@dataclass(frozen=True)
class Instalment:
    """A part of what is to be paid, in minor units."""

    title: str
    due_on: date
    amount_minor: int


@transaction.atomic
def plan_payments(
    account: Account,
    parts: Sequence[Instalment],
    *,
    currency: str,
    by: User | None,
    contract: Contract | None = None,
    is_demo: bool = False,
) -> list[Due]:
    """Add dues to a customer's plan; those of a contract never exceed its amount.

    Raises ValidationError, PermissionDenied.
    """
    if by is not None:
        permissions.require(by, "payment", "create")
        require_reach(by, "view", account)
    if contract is not None:
        require_reach(by, "view", contract)
        _refuse_excess(contract, parts)
    if any(part.amount_minor <= 0 for part in parts):
        raise ValidationError(_("An amount must be greater than zero."))
    at = now()
    dues = Due.objects.bulk_create(
        Due(
            account=account,
            contract=contract,
            title=part.title.strip(),
            due_on=part.due_on,
            amount_minor=part.amount_minor,
            currency=currency,
            created_at=at,
            is_demo=is_demo,
        )
        for part in parts
    )
    for due in dues:
        audit.record("due.planned", due, by=by, detail={"amount": due.amount_minor, "due_on": str(due.due_on)})
    announce_account(account.pk)
    return dues


@transaction.atomic
def book_payment(due: Due, *, key: UUID, amount_minor: int, paid_on: date, by: User | None, note: str = "") -> Payment:
    """Book money that came; the same key books once. Raises ValidationError for more than is owed, PermissionDenied."""
    require_reach(by, "edit", due)
    stored = Due.objects.select_for_update(of=("self",)).get(pk=due.pk)
    known = Payment.objects.filter(key=key).first()
    if known is not None:
        return known
    if not 0 < amount_minor <= stored.left_minor:
        raise ValidationError({"amount": _("More than nothing and not more than is still owed.")})
    made = Payment.objects.create(
        due=stored,
        key=key,
        amount_minor=amount_minor,
        paid_on=paid_on,
        note=note.strip(),
        booked_by=by,
        booked_at=now(),
    )
    stored.paid_minor += amount_minor
    stored.is_open = stored.left_minor > 0
    stored.save(update_fields=["paid_minor", "is_open"])
    audit.record("due.paid", stored, by=by, detail={"amount": amount_minor, "left": stored.left_minor})
    announce_account(stored.account_id)
    return made


def _refuse_excess(contract: Contract, parts: Sequence[Instalment]) -> None:
    locked = Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    planned = sum(locked.dues.values_list("amount_minor", flat=True)) + sum(part.amount_minor for part in parts)
    if planned > locked.amount_minor:
        raise ValidationError(_("The parts come to more than the contract's amount."))
