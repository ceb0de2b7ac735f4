"""Who looks after customers: claiming one that nobody has, and handing over what a leaver holds."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from crmcore import permissions
from crmcore.actions import audit
from crmcore.actions.announcements import announce_account
from crmcore.models import Account, User
from crmcore.queries.holdings import assignable, held_by
from crmcore.queries.rights import require_reach


class AlreadyOwned(Exception):
    """Somebody else looks after the customer already."""

    def __init__(self, owner: User | None) -> None:
        super().__init__(str(owner or ""))
        self.owner = owner


@transaction.atomic
def claim(account: Account, *, by: User) -> Account:
    """Take on a customer that nobody looks after; of two who claim at once one wins, twice is once.

    Raises AlreadyOwned, PermissionDenied.
    """
    permissions.require(by, "account", "edit")
    require_reach(by, "view", account)
    claimed = Account.objects.filter(pk=account.pk, owner=None, merged_into=None).update(owner=by)
    stored = Account.objects.select_related("owner").get(pk=account.pk)
    if claimed:
        audit.record("account.claimed", stored, by=by, detail={"owner": [None, by.pk]})
        announce_account(stored.pk)
    elif stored.owner != by:
        raise AlreadyOwned(stored.owner)
    return stored


@transaction.atomic
def hand_over(leaver: User, *, to: User, by: User) -> dict[str, int]:
    """Give all that `leaver` holds, as far as `by` may assign it, to `to`; how many of each kind were given.

    Again is no change. Raises ValidationError for a successor who is no active colleague, PermissionDenied.
    """
    permissions.require(by, "account", "assign")
    require_successor(leaver, to)
    given = {noun: _give(assignable(rows, by), leaver, to, by) for noun, rows in held_by(leaver).items()}
    if any(given.values()):
        audit.record("user.handed_over", leaver, by=by, detail={"to": to.pk, **given})
    return given


def require_successor(leaver: User, to: User) -> None:
    """Raise ValidationError unless `to` is another member of staff who still works here."""
    if to == leaver or to.kind != User.Kind.STAFF or not to.is_active:
        raise ValidationError({"to": _("Choose a colleague who still works here.")})


def _give(rows: Any, leaver: User, to: User, by: User) -> int:
    # Locked by key alone and in order, so that two who hand over the same person's work wait for one another.
    locked = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    rows.model._default_manager.filter(pk__in=[row.pk for row in locked]).update(owner=to)
    for row in locked:
        noun = row._meta.model_name
        audit.record(f"{noun}.changed", row, by=by, detail={"owner": [leaver.pk, to.pk]})
    _tell_screens({row.pk if isinstance(row, Account) else row.account_id for row in locked})
    return len(locked)


def _tell_screens(account_ids: Iterable[int]) -> None:
    for account_id in sorted(account_ids):
        announce_account(account_id)
