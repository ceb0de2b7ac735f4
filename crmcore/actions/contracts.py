"""Contracts: drafted, changed, and their files kept."""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import permissions
from crmcore.actions import audit
from crmcore.actions.announcements import announce_account
from crmcore.actions.numbers import next_number
from crmcore.clock import now
from crmcore.models import Account, Contract, ContractFile, User
from crmcore.queries.rights import require_reach

FIELDS = frozenset({"title", "quote", "amount_minor", "currency", "starts_on", "ends_on", "remind_days", "owner"})
LARGEST = 20 * 1024 * 1024


@transaction.atomic
def draft_contract(*, by: User | None, account: Account, is_demo: bool = False, **fields: Any) -> Contract:
    """Begin a contract; `fields` as in FIELDS. Raises ValidationError, PermissionDenied."""
    _refuse_unknown(fields)
    if by is not None:
        permissions.require(by, "contract", "create")
        require_reach(by, "view", account)
        _require_linkable(by, account, fields)
    fields["owner"] = fields.get("owner") or by
    number = next_number("contract", prefix="HT-")
    contract = Contract(account=account, number=number, created_at=now(), is_demo=is_demo, **fields)
    _set_reminder(contract)
    contract.save()
    audit.record("contract.created", contract, by=by, detail={"amount": contract.amount_minor})
    announce_account(account.pk)
    return contract


@transaction.atomic
def change_contract(contract: Contract, *, by: User | None, **changes: Any) -> Contract:
    """Change a draft. Raises ValidationError for any other, PermissionDenied."""
    _refuse_unknown(changes)
    require_reach(by, "edit", contract)
    stored = locked_contract(contract)
    if stored.state != Contract.State.DRAFT:
        raise ValidationError(_("Only a draft can be changed."))
    changed = {field: value for field, value in changes.items() if getattr(stored, field) != value}
    if by is not None:
        _require_linkable(by, stored.account, changed)
    for field, value in changed.items():
        setattr(stored, field, value)
    _set_reminder(stored)
    stored.save()
    audit.record("contract.changed", stored, by=by, detail={field: str(value) for field, value in changed.items()})
    announce_account(stored.account_id)
    return stored


@transaction.atomic
def add_file(contract: Contract, file: "File[bytes]", name: str, *, by: User | None) -> ContractFile:
    """Keep a file with a contract in any state. Raises ValidationError for one that is too large or empty."""
    require_reach(by, "edit", contract)
    if not 0 < file.size <= LARGEST:
        raise ValidationError({"file": _("A file has up to 20 MB and is not empty.")})
    kept = ContractFile(contract=contract, name=name[-160:], size=file.size, added_at=now(), added_by=by)
    kept.file.save(name, file, save=False)
    kept.save()
    audit.record("contract.filed", contract, by=by, detail={"file": kept.name})
    announce_account(contract.account_id)
    return kept


def locked_contract(contract: Contract) -> Contract:
    """The contract as it is now, nobody else's until the transaction ends."""
    return Contract.objects.select_for_update(of=("self",)).get(pk=contract.pk)


def _set_reminder(contract: Contract) -> None:
    """The day on which its end is announced."""
    if contract.ends_on and contract.ends_on < contract.starts_on:
        raise ValidationError({"ends_on": _("It ends before it starts.")})
    contract.remind_on = _before(contract.ends_on, contract.remind_days)


def _before(day: date | None, days: int) -> date | None:
    return day - timedelta(days=days) if day and days else None


def _require_linkable(by: User, account: Account, fields: dict[str, Any]) -> None:
    quote = fields.get("quote")
    if quote is not None:
        require_reach(by, "view", quote)
        if quote.account_id != account.pk:
            raise ValidationError({"quote": _("This quote is another customer's.")})
    if fields.get("owner", by) not in {by, None}:
        permissions.require(by, "contract", "assign")


def _refuse_unknown(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")
