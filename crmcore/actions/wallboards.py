"""Wallboards: screens on a wall, each behind an address that is its own key."""

import secrets
from collections.abc import Iterable

from django.db import transaction

from crmcore.actions import audit
from crmcore.models import Queue, User, Wallboard
from crmcore.permissions import require


@transaction.atomic
def save_wallboard(wallboard: Wallboard, queues: Iterable[Queue], *, by: User) -> None:
    """Store what a wallboard is called and shows; a new one gets its key, a stored one keeps the key it has by now."""
    require(by, "settings", "edit")
    is_new = wallboard.pk is None
    if is_new:
        wallboard.token = _new_key()
    wallboard.save(update_fields=None if is_new else ["name", "name_zh", "language"])
    wallboard.queues.set(queues)
    audit.record(
        "wallboard.created" if is_new else "wallboard.changed", wallboard, by=by, detail={"name": wallboard.name}
    )


@transaction.atomic
def renew_key(wallboard: Wallboard, *, by: User) -> None:
    """Another key; screens that show the old address go dark."""
    require(by, "settings", "edit")
    wallboard.token = _new_key()
    wallboard.save(update_fields=["token"])
    audit.record("wallboard.renewed", wallboard, by=by)


@transaction.atomic
def remove_wallboard(wallboard: Wallboard, *, by: User) -> None:
    require(by, "settings", "edit")
    audit.record("wallboard.removed", wallboard, by=by, detail={"name": wallboard.name})
    wallboard.delete()


def _new_key() -> str:
    return secrets.token_urlsafe(24)
