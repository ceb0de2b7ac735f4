"""Products of customers: registered, corrected, taken out of use."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.announcements import announce_account
from crmcore.models import Account, InstalledProduct, Product, User
from crmcore.queries.rights import require_reach
from crmcore.serials import serial

FIELDS = frozenset(
    {"product", "serial_number", "place", "estate", "bought_on", "installed_on", "warranty_until", "warranty_terms"}
    | {"note", "is_active"}
)
_ONE_SERIAL = "one_serial_per_product"


@transaction.atomic
def register_product(
    *, by: User | None, account: Account, product: Product, is_demo: bool = False, **fields: Any
) -> InstalledProduct:
    """Write down that a customer has a product; `fields` as in FIELDS.

    Without a date the warranty runs the product's months from the installation, else from the purchase.
    Raises ValidationError for a serial number that another one has, PermissionDenied.
    """
    _refuse_unknown(fields)
    require_reach(by, "edit", account)
    installed = InstalledProduct(account=account, product=product, created_at=clock.now(), is_demo=is_demo, **fields)
    begins = installed.installed_on or installed.bought_on
    if installed.warranty_until is None and begins is not None:
        installed.warranty_until = months_after(begins, product.warranty_months)
    _save(installed)
    audit.record("product.registered", installed, by=by, detail={"product": product.code, "account": account.pk})
    announce_account(account.pk)
    return installed


@transaction.atomic
def update_product(installed: InstalledProduct, *, by: User | None, **changes: Any) -> InstalledProduct:
    """Change FIELDS; unchanged values are no change. Raises as `register_product` does."""
    _refuse_unknown(changes)
    require_reach(by, "edit", installed)
    stored = InstalledProduct.objects.select_for_update(of=("self",)).get(pk=installed.pk)
    if "serial_number" in changes:
        changes["serial_number"] = serial(changes["serial_number"])
    changed = {field: value for field, value in changes.items() if getattr(stored, field) != value}
    if not changed:
        return stored
    detail = {field: [_plain(getattr(stored, field)), _plain(value)] for field, value in changed.items()}
    for field, value in changed.items():
        setattr(stored, field, value)
    _save(stored)
    audit.record("product.changed", stored, by=by, detail=detail)
    announce_account(stored.account_id)
    return stored


def months_after(day: date, months: int) -> date:
    """The same day of a later month, its last day where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)


def _save(installed: InstalledProduct) -> None:
    installed.serial_number = serial(installed.serial_number)
    if installed.bought_on and installed.warranty_until and installed.warranty_until < installed.bought_on:
        raise ValidationError({"warranty_until": _("The warranty cannot end before the purchase.")})
    try:
        with transaction.atomic():
            installed.save()
    except IntegrityError as refused:
        if _ONE_SERIAL not in str(refused):
            raise
        raise ValidationError({"serial_number": _("Another product of this kind has this serial number.")}) from refused


def _refuse_unknown(fields: dict[str, Any]) -> None:
    if unknown := fields.keys() - FIELDS:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")


def _plain(value: object) -> object:
    if isinstance(value, models.Model):
        return value.pk
    return value if isinstance(value, int | str | None) else str(value)
