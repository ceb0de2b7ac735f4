"""Whether a person may do something to one row."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Model, Value

from crmcore.models import User


def reaches(user: User, action: str, obj: Model) -> bool:
    """Whether `user` may do `action` on this row of a model with a SCOPE."""
    rows: Any = type(obj)._default_manager
    found: bool = rows.visible_to(user, action).filter(pk=obj.pk).exists()
    return found


def rights_on(user: User, obj: Model, *actions: str) -> frozenset[str]:
    """Which of the actions `user` may do on this row, in one statement."""
    rows: Any = type(obj)._default_manager
    within_reach = [
        rows.visible_to(user, action).filter(pk=obj.pk).order_by().values_list(Value(action)) for action in actions
    ]
    return frozenset(action for (action,) in within_reach[0].union(*within_reach[1:], all=True))


def require_reach(user: User | None, action: str, obj: Model, *, merged_too: bool = False) -> None:
    """Raise PermissionDenied unless `user` reaches the row; the product itself (None) always does.

    A customer that was merged into another one can only be viewed, unless `merged_too`.
    """
    if action != "view" and not merged_too and getattr(obj, "merged_into_id", None):
        raise PermissionDenied(f"{action} merged {obj._meta.model_name} {obj.pk}")
    if user is not None and not reaches(user, action, obj):
        raise PermissionDenied(f"{action} {obj._meta.model_name} {obj.pk}")
