"""The organisation of a customer: its units, the places of its people, its important dates."""

import calendar
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore.actions import audit
from crmcore.actions.announcements import announce, announce_account
from crmcore.actions.customer_fields import plain
from crmcore.models import Account, AccountContact, ImportantDate, Unit, User
from crmcore.queries.rights import require_reach

UNIT_FIELDS = frozenset({"name", "parent", "head", "note"})
PLACE_FIELDS = frozenset({"unit", "position", "decision_role", "is_primary", "joined_on", "left_on"})
DATE_FIELDS = frozenset(
    {"contact", "occasion", "calendar", "month", "day", "is_leap_month", "since_year", "note"},
)
_ANY_LEAP_YEAR = 2024


@transaction.atomic
def save_unit(unit: Unit, *, by: User | None, **fields: Any) -> Unit:
    """Create or change a unit of its account. Raises ValidationError by field, PermissionDenied."""
    _lock(unit.account, by)
    _set(unit, fields, UNIT_FIELDS)
    if unit.head is not None and unit.head.account_id != unit.account_id:
        raise ValidationError({"head": _("This person does not belong to the customer.")})
    _refuse_circle(unit)
    if Unit.objects.filter(account=unit.account, name=unit.name).exclude(pk=unit.pk).exists():
        raise ValidationError({"name": _("The customer has a unit of this name.")})
    _store(unit, "unit", {"name": unit.name}, by)
    return unit


@transaction.atomic
def remove_unit(unit: Unit, *, by: User | None) -> None:
    """Take a unit away; its people and the units below stay without it."""
    _remove(unit, "unit", {"name": unit.name}, by)


@transaction.atomic
def change_place(membership: AccountContact, *, by: User | None, **fields: Any) -> AccountContact:
    """Change a person's place in an account. Raises ValidationError by field, PermissionDenied.

    Who leaves is the main contact no more.
    """
    account = membership.account
    _lock(account, by)
    before = {name: plain(getattr(membership, name)) for name in PLACE_FIELDS}
    _set(membership, fields, PLACE_FIELDS)
    if membership.unit is not None and membership.unit.account_id != account.pk:
        raise ValidationError({"unit": _("This unit belongs to another customer.")})
    if membership.joined_on and membership.left_on and membership.left_on < membership.joined_on:
        raise ValidationError({"left_on": _("Nobody leaves before coming.")})
    membership.is_primary = membership.is_primary and membership.left_on is None
    if membership.is_primary:
        AccountContact.objects.filter(account=account, is_primary=True).exclude(pk=membership.pk).update(
            is_primary=False
        )
    membership.save()
    changed = {name: [old, new] for name, old in before.items() if (new := plain(getattr(membership, name))) != old}
    if changed:
        audit.record("place.changed", account, by=by, detail={"contact": membership.contact_id, **changed})
        announce(membership.contact)
        announce_account(account.pk)
    return membership


@transaction.atomic
def save_date(row: ImportantDate, *, by: User | None, **fields: Any) -> ImportantDate:
    """Create or change an important date of its account. Raises ValidationError by field, PermissionDenied."""
    _lock(row.account, by)
    _set(row, fields, DATE_FIELDS)
    row.clean_fields(exclude=["account", "contact"])
    if row.contact is not None:
        require_reach(by, "view", row.contact)
        if not AccountContact.objects.filter(account=row.account, contact=row.contact).exists():
            raise ValidationError({"contact": _("This person does not belong to the customer.")})
    _refuse_impossible_day(row)
    _store(row, "date", {"occasion": row.occasion}, by)
    return row


@transaction.atomic
def remove_date(row: ImportantDate, *, by: User | None) -> None:
    """Take an important date away."""
    _remove(row, "date", {"occasion": row.occasion}, by)


def _lock(account: Account, by: User | None) -> None:
    require_reach(by, "edit", account)
    Account.objects.select_for_update(no_key=True, of=("self",)).get(pk=account.pk)


def _set(row: Any, fields: dict[str, Any], known: frozenset[str]) -> None:
    if unknown := fields.keys() - known:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")
    for name, value in fields.items():
        setattr(row, name, value)


def _refuse_circle(unit: Unit) -> None:
    above, seen = unit.parent, {unit.pk}
    while above is not None:
        if above.pk in seen or above.account_id != unit.account_id:
            raise ValidationError({"parent": _("A unit cannot stand below itself or in another customer.")})
        seen.add(above.pk)
        above = above.parent


def _refuse_impossible_day(row: ImportantDate) -> None:
    if not row.is_lunar:
        row.is_leap_month = False
    longest = 30 if row.is_lunar else calendar.monthrange(_ANY_LEAP_YEAR, row.month)[1]
    if row.day > longest:
        raise ValidationError({"day": _("This month has %(days)d days at most.") % {"days": longest}})


def _store(row: Any, noun: str, detail: dict[str, str], by: User | None) -> None:
    verb = "created" if row.pk is None else "changed"
    row.save()
    audit.record(f"{noun}.{verb}", row.account, by=by, detail={noun: row.pk, **detail})
    announce_account(row.account_id)


def _remove(row: Any, noun: str, detail: dict[str, str], by: User | None) -> None:
    _lock(row.account, by)
    audit.record(f"{noun}.removed", row.account, by=by, detail={noun: row.pk, **detail})
    row.delete()
    announce_account(row.account_id)
