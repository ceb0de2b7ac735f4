"""Finding customers: by what a person types, by a caller's number, page by page."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeVar, cast

from django.conf import settings
from django.db.models import Prefetch, QuerySet

from crmcore import phone_numbers, search_keys
from crmcore.models import Account, AccountContact, Contact, ContactPoint, User
from crmcore.text_search import fold

C = TypeVar("C", Account, Contact)

_CANDIDATES = 200


@dataclass(frozen=True)
class Holder:
    """Who answers to a number: a contact with the accounts they belong to, or an account itself."""

    account: Account | None
    contact: Contact | None
    point: ContactPoint

    @property
    def is_shared(self) -> bool:
        """A switchboard or family phone: it tells the account, not the person."""
        return self.point.is_shared


def search_accounts(text: str, *, user: User, limit: int = 20) -> list[Account]:
    """Accounts that `user` may view, by name, pinyin, initials, code, number or e-mail; the best first."""
    rows = Account.objects.visible_to(user).filter(merged_into=None, is_active=True)
    return _best(matching(rows.select_related("region"), text), text, limit)


def search_contacts(text: str, *, user: User, limit: int = 20) -> list[Contact]:
    """Contacts that `user` may view, with their memberships, by name, pinyin, initials, number or e-mail."""
    rows = Contact.objects.visible_to(user).filter(merged_into=None, is_active=True)
    return _best(matching(rows, text).prefetch_related(_memberships()), text, limit)


def matching(rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """Narrow accounts or contacts to what a person typed; nothing typed narrows nothing.

    A row must have all keys of the words; a whole number may be written with or without its country.
    """
    if not text.strip():
        return rows
    number = phone_numbers.normalise(text, settings.DEFAULT_PHONE_REGION)
    keys = search_keys.query_keys(text)
    if number.kind is phone_numbers.Kind.NUMBER:
        return rows.filter(search_keys__overlap=[number.value.lstrip("+"), *keys])
    return rows.filter(search_keys__contains=keys) if keys else rows.none()


def find_by_phone(value: str) -> list[Holder]:
    """All active holders of a stored phone value: by equality, and the survivor for a merged customer."""
    points = ContactPoint.objects.filter(value=value, kind=ContactPoint.Kind.PHONE).select_related(
        "contact__merged_into", "account__merged_into"
    )
    points = points.prefetch_related(_memberships("contact__"), _memberships("contact__merged_into__"))
    return list({_key(holder): holder for holder in chain(*map(_holders, points))}.values())


def contacts_of(account: Account) -> QuerySet[AccountContact]:
    """The memberships of an account with their contacts and points, the main contact first."""
    return (
        account.memberships.select_related("contact")
        .prefetch_related("contact__points")
        .order_by("-is_primary", "contact__name", "pk")
    )


def holder_ids(model: type[Account] | type[Contact], values: Iterable[str], kind: str = "") -> list[int]:
    """The ids of the accounts or contacts that hold one of these very values, few enough to name one by one."""
    holder = "contact_id" if model is Contact else "account_id"
    points = ContactPoint.objects.filter(value__in=list(values), **{f"{holder}__isnull": False})
    if kind:
        points = points.filter(kind=kind)
    return list(points.values_list(holder, flat=True)[:_CANDIDATES])


def _memberships(prefix: str = "") -> "Prefetch[Any]":
    rows = AccountContact.objects.select_related("account").filter(account__is_active=True, account__merged_into=None)
    return Prefetch(f"{prefix}memberships", rows.order_by("-is_primary", "pk"))


def _holders(point: ContactPoint) -> Iterable[Holder]:
    if point.account is not None:
        account = cast(Account, point.account.merged_into or point.account)
        return [Holder(account, None, point)] if account.is_active else []
    if point.contact is None:
        return []
    contact = cast(Contact, point.contact.merged_into or point.contact)
    if not contact.is_active:
        return []
    accounts = [membership.account for membership in contact.memberships.all()]
    return [Holder(account, contact, point) for account in accounts] or [Holder(None, contact, point)]


def _key(holder: Holder) -> tuple[int, int]:
    return (holder.account.pk if holder.account else 0, holder.contact.pk if holder.contact else 0)


def _best(rows: QuerySet[C], text: str, limit: int) -> list[C]:
    """Rank a bounded handful by name alone: ordering all that match a common name would cost the index's gain."""
    wanted = fold(text).strip()
    candidates = rows.order_by().values_list("pk", "name")[:_CANDIDATES]
    best = sorted((_rank(name, wanted), pk) for pk, name in candidates)[:limit]
    found = rows.defer("search_keys").in_bulk([pk for _place, pk in best])
    return [found[pk] for _place, pk in best if pk in found]


def _rank(name: str, wanted: str) -> tuple[bool, bool, str]:
    folded = fold(name)
    return (folded != wanted, not folded.startswith(wanted), folded)
