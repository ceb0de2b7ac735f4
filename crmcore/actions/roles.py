"""Roles: what each of them may do. Nobody gives or takes rights above their own, or those of a role they hold."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from crmcore import live
from crmcore.actions import audit
from crmcore.events import RightsChanged
from crmcore.models import Grant, Role, User
from crmcore.permissions import Scope, require, scope_of
from crmcore.queries.people import OUTSIDERS
from crmcore.rights_matrix import cells
from crmcore.shipped_roles import SHIPPED_ROLES

Cells = Mapping[tuple[str, str], Scope]
SHIPPED = frozenset(shipped.code for shipped in SHIPPED_ROLES)


class RoleKept(Exception):
    """A role that cannot be changed or removed in this way, with a sentence that says why."""


@transaction.atomic
def create_role(*, by: User, name: str, name_zh: str = "", like: Role | None = None) -> Role:
    """A new role, at first with the rights of another one or with none. Raises PermissionDenied."""
    require(by, "user", "assign")
    role = Role.objects.create(code=f"role-{get_random_string(8).lower()}", name=name, name_zh=name_zh)
    audit.record("role.created", role, by=by, detail={"name": name, "like": like.code if like else ""})
    if like is not None:
        _store(role, {}, {(grant.noun, grant.action): Scope(grant.scope) for grant in like.grants.all()}, by)
    return role


@transaction.atomic
def save_role(role: Role, *, by: User, name: str, name_zh: str, rights: Cells) -> None:
    """Rename a role and give it just these rights. Raises PermissionDenied and RoleKept."""
    require(by, "user", "assign")
    stored = Role.objects.select_for_update().get(pk=role.pk)
    present = {(grant.noun, grant.action): Scope(grant.scope) for grant in stored.grants.all()}
    if (stored.name, stored.name_zh) != (name, name_zh):
        Role.objects.filter(pk=role.pk).update(name=name, name_zh=name_zh)
        audit.record("role.renamed", role, by=by, detail={"was": [stored.name, stored.name_zh], "now": [name, name_zh]})
    changed = {cell: rights.get(cell, Scope.NONE) for cell in cells() if cell in rights}
    changed = {cell: scope for cell, scope in changed.items() if present.get(cell, Scope.NONE) != scope}
    if changed:
        _refuse_own(stored, by)
        _store(stored, present, changed, by)


@transaction.atomic
def remove_role(role: Role, *, by: User) -> None:
    """Remove a role that nobody has; those that came with the desk stay. Raises PermissionDenied and RoleKept."""
    require(by, "user", "assign")
    stored = Role.objects.select_for_update().get(pk=role.pk)
    if stored.code in SHIPPED:
        raise RoleKept(_("Roles that came with the desk stay."))
    if stored.users.exists():
        raise RoleKept(_("Somebody still has this role."))
    audit.record("role.removed", stored, by=by, detail={"name": stored.name})
    stored.delete()


def _refuse_own(role: Role, by: User) -> None:
    if role.code in OUTSIDERS:
        raise PermissionDenied(role.code)
    if by.roles.filter(pk=role.pk).exists():
        raise RoleKept(_("You have this role yourself. Ask somebody else with the right to change it."))


def _store(role: Role, present: Cells, changed: Cells, by: User) -> None:
    """Write the changed cells; the screens of who has the role ask for their rights anew."""
    for (noun, action), scope in changed.items():
        if scope_of(by, noun, action) < max(scope, present.get((noun, action), Scope.NONE)):
            raise PermissionDenied(f"{action} {noun}")
        if scope == Scope.NONE:
            Grant.objects.filter(role=role, noun=noun, action=action).delete()
        else:
            Grant.objects.update_or_create(role=role, noun=noun, action=action, defaults={"scope": scope})
    detail = {
        f"{action} {noun}": [present.get((noun, action), Scope.NONE).name, scope.name]
        for (noun, action), scope in changed.items()
    }
    audit.record("role.rights_set", role, by=by, detail=detail)
    for user_id in role.users.filter(is_active=True).values_list("pk", flat=True):
        live.publish(f"agent:{user_id}", RightsChanged(user_id=user_id))
