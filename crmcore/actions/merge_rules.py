"""What becomes of rows that may stand only once at one customer, when two customers become one."""

from collections.abc import Callable
from typing import Any

from crmcore.models import AccountContact, ContactPoint

# What the survivor's row takes over from the one that goes, by name of the constraint. Rows of constraints that are
# not named here stay with the old record, which leads to the survivor: nothing is lost, and nothing of it is guessed.
Fold = Callable[[Any, Any], dict[str, Any]]

_ROLES = AccountContact.DecisionRole.values


def _points(kept: ContactPoint, gone: ContactPoint) -> dict[str, Any]:
    """A customer who wants no calls on a number wants none; who confirmed it did so the first time."""
    confirmed = [at for at in (kept.verified_at, gone.verified_at) if at is not None]
    return {
        "opted_out": kept.opted_out or gone.opted_out,
        "is_shared": kept.is_shared or gone.is_shared,
        "label": kept.label or gone.label,
        "verified_at": min(confirmed, default=None),
    }


def _memberships(kept: AccountContact, gone: AccountContact) -> dict[str, Any]:
    """The greater part in decisions and on the portal counts."""
    first = {"is_primary": True} if gone.is_primary and not _has_primary(kept, gone) else {}
    return {
        "decision_role": max(kept.decision_role, gone.decision_role, key=_ROLES.index),
        "is_portal_admin": kept.is_portal_admin or gone.is_portal_admin,
        "unit_id": kept.unit_id or gone.unit_id,
        "position": kept.position or gone.position,
        "joined_on": min(filter(None, (kept.joined_on, gone.joined_on)), default=None),
        "left_on": max(kept.left_on, gone.left_on) if kept.left_on and gone.left_on else None,
        **first,
    }


def _has_primary(kept: AccountContact, gone: AccountContact) -> bool:
    others = AccountContact.objects.filter(account=kept.account_id, is_primary=True)
    return others.exclude(pk=gone.pk).exists()


FOLDS: dict[str, Fold] = {
    "point_once_per_contact": _points,
    "point_once_per_account": _points,
    "one_membership": _memberships,
    "one_open_invitation": lambda kept, gone: {},
}
# Here the row moves, but gives up what only one may be; a unit is told apart by the code of its old customer.
YIELDS: dict[str, Callable[[Any], dict[str, Any]]] = {
    "one_primary_contact": lambda membership: {"is_primary": False},
    "unit_once_per_account": lambda unit: {"name": f"{unit.name[:80]} ({unit.account.code})"},
}
