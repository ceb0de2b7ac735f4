"""What is known about customers, in the groups in which forms ask for it and pages show it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Group:
    """Some fields under a heading."""

    label: Promise
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """A field of a customer that is filled in."""

    name: str
    label: str
    value: Any


ACCOUNT_GROUPS = (
    Group(
        _("Classes"),
        (
            *("party", "type", "status", "industry", "nature", "source", "relationship", "business_category"),
            *("credit_class", "bonus_points"),
        ),
    ),
    Group(
        _("Company and invoices"),
        (
            *("legal_representative", "credit_code", "tax_number", "invoice_title", "bank", "bank_account"),
            *("website", "confidential_since"),
        ),
    ),
    Group(_("Visits"), ("postcode", "distance_km", "unsuitable_times", "next_contact_at")),
    Group(_("Preferences and needs"), ("preferences", "needs")),
)
CONTACT_GROUPS = (
    Group(
        _("Personal details"), ("salutation", "nickname", "gender", "born_on", "code", "hobbies", "address", "postcode")
    ),
)


def facts_of(customer: models.Model, group: Group) -> Iterator[Fact]:
    """The fields of a group that say something about this customer."""
    for name in group.fields:
        field: Any = customer._meta.get_field(name)
        value = getattr(customer, f"get_{name}_display")() if field.choices else getattr(customer, name)
        if value not in (None, "", 0):
            yield Fact(name, str(capfirst(field.verbose_name)), value)
