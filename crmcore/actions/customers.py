"""Accounts and contacts: creating them, changing them, joining them."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import transaction

from crmcore import clock, permissions
from crmcore.actions import audit, numbers
from crmcore.actions.announcements import announce, announce_account
from crmcore.actions.contact_points import NewPoint, keep_search_keys, store_point
from crmcore.actions.customer_fields import (
    ACCOUNT_FIELDS,
    CONTACT_FIELDS,
    SEARCHED,
    check_fields,
    plain,
    refusing_taken_codes,
)
from crmcore.models import Account, AccountContact, Contact, User
from crmcore.queries.rights import require_reach

C = TypeVar("C", Account, Contact)


@transaction.atomic
def create_account(
    *,
    by: User | None,
    name: str,
    points: Iterable[NewPoint] = (),
    code: str = "",
    is_demo: bool = False,
    **fields: Any,
) -> Account:
    """Create an account with its points; `fields` as in ACCOUNT_FIELDS, the code by sequence unless given.

    Who may only edit their own accounts owns what they create. Raises ValidationError for an unreadable
    point or field and PermissionDenied, also where `by` gives the account away without the right to assign.
    """
    fields = check_fields(Account, fields, ACCOUNT_FIELDS)
    if by is not None:
        permissions.require(by, "account", "create")
        _require_assignable(by, fields.get("owner"))
        if permissions.scope_of(by, "account", "edit") < permissions.Scope.ALL:
            fields["owner"] = fields.get("owner") or by
    account = Account.objects.create(
        name=name.strip(),
        code=code or _free_code(),
        created_at=clock.now(),
        is_demo=is_demo,
        **fields,
    )
    for point in points:
        store_point(account, point, by=by)
    keep_search_keys(account)
    audit.record("account.created", account, by=by, detail={"name": account.name})
    announce(account)
    return account


@transaction.atomic
def update_account(account: Account, *, by: User | None, **changes: Any) -> Account:
    """Change fields of an account; unchanged values are no change. Raises ValidationError, PermissionDenied."""
    require_reach(by, "edit", account)
    if by is not None and "owner" in changes and changes["owner"] != account.owner:
        _require_assignable(by, changes["owner"])
    return _update(account, ACCOUNT_FIELDS, changes, by)


@transaction.atomic
def create_contact(
    *,
    by: User | None,
    name: str,
    account: Account | None = None,
    points: Iterable[NewPoint] = (),
    is_primary: bool = False,
    decision_role: str = AccountContact.DecisionRole.NONE,
    is_demo: bool = False,
    **fields: Any,
) -> Contact:
    """Create a person, at once a member of `account` where one is given; `fields` as in CONTACT_FIELDS."""
    fields = check_fields(Contact, fields, CONTACT_FIELDS)
    if by is not None:
        permissions.require(by, "contact", "create")
    with refusing_taken_codes():
        contact = Contact.objects.create(name=name.strip(), created_at=clock.now(), is_demo=is_demo, **fields)
    if account is not None:
        _join(account, contact, is_primary=is_primary, decision_role=decision_role, by=by)
    for point in points:
        store_point(contact, point, by=by)
    keep_search_keys(contact)
    audit.record("contact.created", contact, by=by, detail={"name": contact.name})
    announce(contact)
    return contact


@transaction.atomic
def update_contact(contact: Contact, *, by: User | None, **changes: Any) -> Contact:
    """Change fields of a contact. Raises PermissionDenied."""
    require_reach(by, "edit", contact)
    return _update(contact, CONTACT_FIELDS, changes, by)


@transaction.atomic
def link_contact(
    account: Account,
    contact: Contact,
    *,
    by: User | None,
    is_primary: bool = False,
    decision_role: str = AccountContact.DecisionRole.NONE,
) -> AccountContact:
    """Make a contact a member of an account; again is no change but of the role and of who comes first.

    Needs edit on the account, which holds the membership, and view on the contact.
    """
    require_reach(by, "view", contact)
    return _join(account, contact, is_primary=is_primary, decision_role=decision_role, by=by)


@transaction.atomic
def unlink_contact(account: Account, contact: Contact, *, by: User | None) -> None:
    """End a membership; the contact stays."""
    require_reach(by, "edit", account)
    if AccountContact.objects.filter(account=account, contact=contact).delete()[0]:
        audit.record("contact.unlinked", account, by=by, detail={"contact": contact.pk})
        announce(contact)
        announce_account(account.pk)


def _free_code() -> str:
    """The next number that no imported account has taken."""
    code = numbers.next_number("account", prefix="C-")
    while Account.objects.filter(code=code).exists():
        code = numbers.next_number("account")
    return code


def _join(
    account: Account, contact: Contact, *, is_primary: bool, decision_role: str, by: User | None
) -> AccountContact:
    require_reach(by, "edit", account)
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if is_primary:
        AccountContact.objects.filter(account=account, is_primary=True).exclude(contact=contact).update(
            is_primary=False
        )
    membership, created = AccountContact.objects.update_or_create(
        account=account, contact=contact, defaults={"is_primary": is_primary, "decision_role": decision_role}
    )
    if created:
        audit.record("contact.linked", account, by=by, detail={"contact": contact.pk})
    announce(contact)
    return membership


def _update(customer: C, known: frozenset[str], changes: dict[str, Any], by: User | None) -> C:
    changes = check_fields(type(customer), changes, known)
    stored = type(customer)._default_manager.select_for_update(of=("self",)).get(pk=customer.pk)
    changed = {field: value for field, value in changes.items() if getattr(stored, field) != value}
    if changed:
        before = {field: plain(getattr(stored, field)) for field in changed}
        for field, value in changed.items():
            setattr(customer, field, value)
        with refusing_taken_codes():
            customer.save(update_fields=list(changed))
        if changed.keys() & SEARCHED:
            keep_search_keys(customer)
        noun = customer._meta.model_name
        detail = {field: [before[field], plain(value)] for field, value in changed.items()}
        audit.record(f"{noun}.changed", customer, by=by, detail=detail)
        announce(customer)
    return customer


def _require_assignable(by: User, owner: User | None) -> None:
    """Anyone may take a customer on; giving it to another person is a right of its own."""
    if owner is not None and owner != by:
        permissions.require(by, "account", "assign")
