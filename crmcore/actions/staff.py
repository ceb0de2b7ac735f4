"""Members of staff: their accounts, roles, teams and skills; who may not sign in any more."""

import secrets
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from crmcore import live
from crmcore.actions import audit
from crmcore.actions.people import create_user, set_roles
from crmcore.actions.presence import choose
from crmcore.actions.rows import replace_rows
from crmcore.events import RightsChanged
from crmcore.models import Role, Team, User, UserSkill
from crmcore.models.presence import Chosen
from crmcore.permissions import require
from crmcore.queries.people import covers, people_for, roles_for

# Without letters and digits that are read for one another, because people dictate it.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
GROUPS, GROUP_LENGTH = 3, 4


class OwnAccount(Exception):
    """Nobody takes the keys from himself: no lock and no other roles for one's own account."""


@transaction.atomic
def hire(username: str, *, roles: Collection[Role], teams: Iterable[Team], by: User, **facts: object) -> str:
    """Create a member of staff and return the first password, which is shown once."""
    require(by, "user", "create")
    _check_roles(by, roles)
    password = first_password()
    create_user(username, password=password, roles=[role.code for role in roles], teams=teams, by=by, **facts)  # type: ignore[arg-type]
    return password


@transaction.atomic
def save_person(person: User, *, by: User, skills: Sequence[UserSkill], **facts: Any) -> None:
    """Store what is known of a person, skills included; what changed is audited."""
    _require_charge(by, person)
    stored = User.objects.select_for_update().get(pk=person.pk)
    changes: dict[str, Any] = {
        name: [str(before), str(value)] for name, value in facts.items() if (before := getattr(stored, name)) != value
    }
    User.objects.filter(pk=person.pk).update(**facts)
    if (change := replace_rows(person, UserSkill, "user", skills)) is not None:
        changes["skills"] = change
    if changes:
        audit.record("user.changed", person, by=by, detail=changes)


@transaction.atomic
def place(person: User, *, roles: Collection[Role], teams: Collection[Team], by: User) -> None:
    """Give a person just these roles and teams. Raises OwnAccount for other roles of one's own."""
    require(by, "user", "assign")
    _require_charge(by, person)
    _check_roles(by, roles)
    had = set(person.roles.values_list("code", flat=True))
    codes = {role.code for role in roles}
    if codes != had:
        if person == by:
            raise OwnAccount
        set_roles(person, codes, by=by)
    if set(person.teams.all()) != set(teams):
        person.teams.set(teams)
        audit.record("user.teams_set", person, by=by, detail={"teams": sorted(team.code for team in teams)})
        live.publish(f"agent:{person.pk}", RightsChanged(user_id=person.pk))


@transaction.atomic
def reset_password(person: User, *, by: User) -> str:
    """A new password, which is shown once; whoever is signed in with the old one is signed out."""
    _require_charge(by, person)
    password = first_password()
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record("user.password_reset", person, by=by)
    live.publish(f"agent:{person.pk}", RightsChanged(user_id=person.pk))
    return password


@transaction.atomic
def change_password(person: User, password: str) -> None:
    """A password of one's own choice."""
    person.set_password(password)
    person.save(update_fields=["password"])
    audit.record("user.password_changed", person, by=person)


@transaction.atomic
def set_locked(person: User, *, locked: bool, by: User) -> None:
    """Keep somebody out, or let him in again. Calls end by themselves; no new one comes. Raises OwnAccount."""
    _require_charge(by, person)
    if person == by:
        raise OwnAccount
    if not User.objects.filter(pk=person.pk, is_active=locked).update(is_active=not locked):
        return
    audit.record("user.locked" if locked else "user.unlocked", person, by=by)
    if locked and hasattr(person, "presence"):
        choose(person, Chosen.OFFLINE, by=by)
    live.publish(f"agent:{person.pk}", RightsChanged(user_id=person.pk))


def _require_charge(by: User, person: User) -> None:
    if not (people_for(by).filter(pk=person.pk).exists() and covers(by, person)):
        raise PermissionDenied(f"edit user {person.pk}")


def _check_roles(by: User, roles: Collection[Role]) -> None:
    if set(roles) - set(roles_for(by)):
        raise PermissionDenied("assign user")


def first_password() -> str:
    """Three groups that people can dictate."""
    groups = ("".join(secrets.choice(ALPHABET) for _n in range(GROUP_LENGTH)) for _group in range(GROUPS))
    return "-".join(groups)
