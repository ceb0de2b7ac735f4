"""Which fields of accounts and contacts can be written, and what each must hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from crmcore.credit_code import credit_code
from crmcore.models import Account, CodeEntry, Contact
from crmcore.models.account_facts import ACCOUNT_FACTS
from crmcore.models.customers import CONTACT_FACTS

_SHARED = frozenset({"name", "language", "time_zone", "note", "is_active"})
CONTACT_FIELDS = _SHARED | set(CONTACT_FACTS)
ACCOUNT_FIELDS = (
    _SHARED | {"kind", "grade", "owner", "region", "service_calendar", "locality", "address"} | set(ACCOUNT_FACTS)
)
SEARCHED = frozenset({"name", "code", "nickname", "credit_code", "tax_number"})
_NORMAL_FORM = {"credit_code": credit_code}


def check_fields(model: type[Account] | type[Contact], fields: dict[str, Any], known: frozenset[str]) -> dict[str, Any]:
    """The fields as they are stored. Raises TypeError for unknown ones, ValidationError by field for wrong values."""
    if unknown := fields.keys() - known:
        raise TypeError(f"no such fields: {', '.join(sorted(unknown))}")
    normal = {name: _NORMAL_FORM[name](value) if name in _NORMAL_FORM else value for name, value in fields.items()}
    wrong: dict[str, Any] = {}
    for name, value in normal.items():
        try:
            _check(model._meta.get_field(name), value)
        except ValidationError as refused:
            wrong[name] = refused
    if wrong:
        raise ValidationError(wrong)
    return normal


@contextmanager
def refusing_taken_codes() -> Iterator[None]:
    """Say it by ValidationError when a contact gets the code of another one."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as refused:
        if "contact_code_once" not in str(refused):
            raise
        raise ValidationError({"code": _("Another contact has this code.")}) from refused


def plain(value: object) -> object:
    """A field's value as the audit writes it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.pk if isinstance(value, models.Model) else value


def _check(field: Any, value: Any) -> None:
    """Entries come from the list of their field; the rest passes the field's own validators."""
    if isinstance(value, CodeEntry):
        if value.list != field.get_limit_choices_to()["list"]:
            raise ValidationError(_("This entry belongs to another list."))
    elif not isinstance(value, models.Model) and not field.is_relation:
        field.run_validators(value)
