"""What a merge would do, what it may choose between, and which ones can be undone."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import localize
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from crmcore.models import Account, Contact, CustomerMerge
from crmcore.models.account_facts import ACCOUNT_FACTS
from crmcore.models.customers import CONTACT_FACTS
from crmcore.queries.customer_links import Customer, links_to

_SHARED = ("name", "language", "time_zone", "note")
CHOSEN: dict[type[Customer], tuple[str, ...]] = {
    Account: ("name", "kind", "grade", "owner", "region", "service_calendar", "address", *ACCOUNT_FACTS, *_SHARED[1:]),
    Contact: (*_SHARED[:1], *CONTACT_FACTS, *_SHARED[1:]),
}
# What moves, in the reader's words, by the model's name in the whole product.
LABELS = {
    "crmcore.account": _("Merged before"),
    "crmcore.contact": _("Merged before"),
    "crmcore.accountcontact": _("Memberships"),
    "crmcore.consent": _("Consents"),
    "crmcore.contactpoint": _("Ways to reach them"),
    "crmcore.contract": _("Contracts"),
    "crmcore.due": _("Payments due"),
    "crmcore.importantdate": _("Important dates"),
    "crmcore.unit": _("Units of the organisation"),
    "crmcore.installedproduct": _("Installed products"),
    "crmcore.invitation": _("Invitations"),
    "crmcore.lead": _("Leads"),
    "crmcore.opportunity": _("Opportunities"),
    "crmcore.pricelist": _("Price lists"),
    "crmcore.quote": _("Quotes"),
    "crmcore.user": _("Portal users"),
    "telephony.call": _("Calls"),
    "telephony.callback": _("Calls back"),
    "telephony.campaigntarget": _("Places in campaigns"),
    "telephony.missedcall": _("Missed calls"),
    "telephony.textmessage": _("Messages"),
    "tickets.interaction": _("Entries in the history"),
    "tickets.participant": _("People in copy"),
    "tickets.survey": _("Surveys"),
    "tickets.ticket": _("Tickets"),
    "tickets.visit": _("Visits"),
}


@dataclass(frozen=True)
class Choice:
    """A field in which two customers differ, as both show it."""

    name: str
    label: str
    ours: str
    theirs: str
    is_text: bool
    takes: str


@dataclass(frozen=True)
class Count:
    """How many rows of a kind lead to a customer."""

    label: str
    number: int


def differences(survivor: Customer, source: Customer) -> list[Choice]:
    """The fields to choose in; one that the survivor has left empty offers the other's value."""
    rows = []
    for name in CHOSEN[type(survivor)]:
        field: Any = survivor._meta.get_field(name)
        ours, theirs = getattr(survivor, field.attname), getattr(source, field.attname)
        if ours != theirs and theirs not in (None, ""):
            takes = "source" if ours in (None, "") else "survivor"
            is_text = isinstance(field, models.TextField) and takes == "survivor"
            label = str(capfirst(field.verbose_name))
            rows.append(Choice(name, label, shown(survivor, name), shown(source, name), is_text, takes))
    return rows


def shown(customer: Customer, name: str) -> str:
    """A field's value in words, a dash where there is none."""
    field: Any = customer._meta.get_field(name)
    value = getattr(customer, f"get_{name}_display")() if field.choices else getattr(customer, name)
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return pgettext("answer", "Yes") if value else pgettext("answer", "No")
    if isinstance(value, datetime):
        value = timezone.localtime(value)
    return str(getattr(value, "label", localize(value)))


def joined(ours: str, theirs: str) -> str:
    """Two texts below one another."""
    return f"{ours}\n\n{theirs}"


def moved_counts(source: Customer) -> list[Count]:
    """How many rows of each kind a merge would move, the most first."""
    found: dict[str, int] = {}
    for link in links_to(type(source)):
        if number := link.rows(source.pk).count():
            label = str(LABELS.get(link.model._meta.label_lower, _("Other records")))
            found[label] = found.get(label, 0) + number
    return [Count(label, number) for label, number in sorted(found.items(), key=lambda item: (-item[1], item[0]))]


def seen_as(one: Customer, other: Customer) -> str:
    """A short sign of two customers as they stand: another one once a field has changed."""
    silent = {"search_keys"}
    facts = [
        {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if field.name not in silent}
        for row in sorted((one, other), key=lambda row: row.pk)
    ]
    return hashlib.sha256(json.dumps(facts, default=str, sort_keys=True).encode()).hexdigest()[:20]


def stands_upon(merge: CustomerMerge) -> CustomerMerge | None:
    """A later merge that holds and has to do with one of these two."""
    both = [merge.source_id, merge.survivor_id]
    later = CustomerMerge.objects.filter(kind=merge.kind, undone_at=None, pk__gt=merge.pk)
    return later.filter(models.Q(source_id__in=both) | models.Q(survivor_id__in=both)).first()


def merges_into(customer: Customer) -> list[CustomerMerge]:
    """The merges that made this customer what it is, the latest first."""
    rows = CustomerMerge.objects.filter(kind=customer._meta.model_name, survivor_id=customer.pk, undone_at=None)
    return list(rows.select_related("by").defer("before").order_by("-at", "-pk")[:50])
