"""Why a member of staff sees a row: for each action its scope, the roles that give it, and what puts it in reach."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import Grant, User
from crmcore.permissions import Scope, reach_at, scope_of
from crmcore.rights_matrix import ACTION_LABELS, MATRIX, SCOPE_LABELS

BECAUSE: dict[Scope, Promise] = {
    Scope.NONE: _("out of reach"),
    Scope.OWN: _("it is theirs"),
    Scope.TEAM: _("it belongs to their team"),
    Scope.SUBTREE: _("it belongs to a team below one that they lead"),
    Scope.ALL: _("the right reaches all"),
}


@dataclass(frozen=True)
class RightLine:
    """One action on one row: how far the person's right reaches, whence it comes, and whether it holds here."""

    label: Promise
    scope: Promise
    roles: tuple[str, ...]
    holds: bool
    because: Promise


def explain(user: User, obj: Model) -> list[RightLine]:
    """The lines of all actions that mean something for the row; its model has a SCOPE."""
    noun: str = obj.SCOPE["noun"]  # type: ignore[attr-defined]
    actions = next(row.actions for row in MATRIX if row.noun == noun)
    grants = list(Grant.objects.filter(role__users=user, noun=noun).select_related("role").order_by("role"))
    return [_line(user, obj, noun, action, grants) for action in actions if action != "create"]


def _line(user: User, obj: Model, noun: str, action: str, grants: list[Grant]) -> RightLine:
    scope = scope_of(user, noun, action)
    given = [grant for grant in grants if grant.action == action and grant.scope > Scope.NONE]
    most = max((grant.scope for grant in given), default=0)
    roles = tuple(grant.role.label for grant in given if grant.scope == most)
    nearest = _nearest(user, obj, scope)
    return RightLine(ACTION_LABELS[action], SCOPE_LABELS[scope], roles, nearest > Scope.NONE, BECAUSE[nearest])


def _nearest(user: User, obj: Model, scope: Scope) -> Scope:
    """The narrowest scope, up to the person's, in which the row lies."""
    paths: dict[str, Any] = obj.SCOPE  # type: ignore[attr-defined]
    rows = type(obj)._base_manager.filter(pk=obj.pk)
    for narrow in (Scope.OWN, Scope.TEAM, Scope.SUBTREE):
        reach = reach_at(user, narrow, owner=paths.get("owner"), team=paths.get("team"))
        if narrow <= scope and rows.filter(reach).exists():
            return narrow
    return scope if scope == Scope.ALL else Scope.NONE
