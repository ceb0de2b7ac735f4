"""Whose number this is: by contact points, and perhaps by earlier choices and ticket texts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import phonenumbers
from django.contrib.postgres.search import SearchQuery
from django.db.models import Q, QuerySet

from crmcore.models import Account, Contact, ContactPoint
from telephony.models import Call
from tickets.models import Ticket

# How far back guesses look, in rows.
RECENT = 20
MERGES_FOLLOWED = 5

C = TypeVar("C", Account, Contact)


@dataclass
class Owners:
    """Active contacts and accounts that hold a number; `is_shared` marks a switchboard."""

    contacts: list[Contact] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    is_shared: bool = False


def owners_of(value: str) -> Owners:
    """Who holds the number `value` (E.164 or short digits) today; merged customers stand for their survivor."""
    return holders_of(ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value=value))


def holders_of(points: QuerySet[ContactPoint]) -> Owners:
    """Who holds one of these points today; merged customers stand for their survivor."""
    rows = list(points.select_related("contact", "account"))
    return Owners(
        contacts=_living(point.contact for point in rows),
        accounts=_living(point.account for point in rows),
        is_shared=any(point.is_shared for point in rows),
    )


def possible_owners(value: str) -> Owners:
    """Who might be calling: linked by hand to earlier calls from this number, or the number stands in their tickets."""
    calls = Call.objects.filter(~Q(contact=None, account=None), from_e164=value).order_by("-started_at")
    spelt = SearchQuery(_spellings(value), search_type="raw", config="simple")
    tickets = Ticket.objects.filter(search=spelt).order_by("-last_event_at")
    pairs = [pair for rows in (calls, tickets) for pair in rows.values_list("contact_id", "account_id")[:RECENT]]
    contact_ids = [contact_id for contact_id, _ in pairs if contact_id]
    account_ids = [account_id for contact_id, account_id in pairs if account_id and not contact_id]
    return Owners(
        contacts=_living(_in_order(Contact.objects.all(), contact_ids)),
        accounts=_living(_in_order(Account.objects.all(), account_ids)),
    )


def _in_order(rows: QuerySet[C], ids: Sequence[int]) -> list[C]:
    """The rows of these keys, in the order of the keys."""
    found = rows.in_bulk(set(ids)) if ids else {}
    return [found[pk] for pk in dict.fromkeys(ids)]


def _spellings(value: str) -> str:
    """The number as tickets may have written it, as a full-text query."""
    number = phonenumbers.parse(value)
    national = phonenumbers.national_significant_number(number)
    return f"'{national}' | '0{national}' | '{value.lstrip('+')}'"


def _living(customers: Iterable[C | None]) -> list[C]:
    """Survivors of merges that are active, each once, in the given order."""
    found: dict[int, C] = {}
    for customer in customers:
        survivor = _survivor(customer) if customer else None
        if survivor is not None and survivor.is_active:
            found.setdefault(survivor.pk, survivor)
    return list(found.values())


def _survivor(customer: C) -> C:
    for _ in range(MERGES_FOLLOWED):
        if customer.merged_into_id is None:
            break
        customer = type(customer)._default_manager.get(pk=customer.merged_into_id)
    return customer
