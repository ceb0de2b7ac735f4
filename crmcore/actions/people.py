"""People, teams, roles and tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from crmcore import clock, live
from crmcore.actions import audit
from crmcore.events import RightsChanged
from crmcore.models import ApiToken, Contact, Grant, Role, Team, User
from crmcore.shipped_roles import install_roles


@transaction.atomic
def ensure_roles() -> dict[str, Role]:
    """The roles by code, the shipped ones created where they are missing."""
    install_roles(Role, Grant)
    return {role.code: role for role in Role.objects.all()}


@transaction.atomic
def create_team(
    code: str,
    name: str,
    *,
    name_zh: str = "",
    parent: Team | None = None,
    is_demo: bool = False,
) -> Team:
    """Create a team below `parent`."""
    team = Team.objects.create(code=code, name=name, name_zh=name_zh, parent=parent, is_demo=is_demo)
    team.path = f"{parent.path if parent else '/'}{team.pk}/"
    team.save(update_fields=["path"])
    return team


@transaction.atomic
def create_user(
    username: str,
    *,
    name: str,
    password: str | None,
    roles: Iterable[str],
    teams: Iterable[Team] = (),
    contact: Contact | None = None,
    by: User | None,
    **fields: object,
) -> User:
    """Create a member of staff, or a portal user where a `contact` is given. No password: sign-in by code only."""
    user = User(username=username, name=name, contact=contact, date_joined=clock.now(), **fields)
    user.kind = User.Kind.PORTAL if contact else User.Kind.STAFF
    user.set_password(password)
    user.save(force_insert=True)
    user.teams.set(teams)
    user.roles.set(Role.objects.filter(code__in=list(roles)))
    audit.record("user.created", user, by=by, detail={"roles": sorted(roles)})
    return user


@transaction.atomic
def create_administrator(username: str, *, password: str) -> User:
    """Create somebody who may do everything, in the operators' admin too."""
    ensure_roles()
    return create_user(
        username, name=username, password=password, roles=["admin"], by=None, is_staff=True, is_superuser=True
    )


@transaction.atomic
def set_roles(user: User, roles: Iterable[str], *, by: User) -> None:
    """Give `user` just these roles; open sockets check their topics again."""
    codes = sorted(roles)
    user.roles.set(Role.objects.filter(code__in=codes))
    audit.record("user.roles_set", user, by=by, detail={"roles": codes})
    live.publish(f"agent:{user.pk}", RightsChanged(user_id=user.pk))


@transaction.atomic
def issue_token(user: User, name: str, *, by: User, expires_at: datetime | None = None) -> str:
    """Create an API token and return its text, which is shown this once and never stored."""
    text = f"sd_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=token_digest(text),
        created_at=clock.now(),
        expires_at=expires_at,
    )
    audit.record("token.issued", token, by=by, detail={"user": user.pk})
    return text


def token_digest(text: str) -> str:
    """SHA-256 of a token, in hex: all that the database knows of it."""
    return hashlib.sha256(text.encode()).hexdigest()


def set_preferences(user: User, **choices: object) -> None:
    """Store what a person chose for their own screens: language, time zone, theme and the like."""
    for field, value in choices.items():
        setattr(user, field, value)
    user.save(update_fields=list(choices))
