"""Who may do what, and to which rows: role = noun x action x scope, the most permissive role wins."""

from enum import IntEnum
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, Q

from crmcore.firm_rights import cells_of, effective

if TYPE_CHECKING:
    from crmcore.models import User

NOUNS = frozenset(
    {
        "account",
        "contact",
        "opportunity",
        "quote",
        "contract",
        "payment",
        "lead",
        "ticket",
        "call",
        "recording",
        "campaign",
        "article",
        "queue",
        "board",
        "dispatch",
        "report",
        "user",
    }
    | {"settings", "api", "audit"}
)
ACTIONS = frozenset({"view", "create", "edit", "delete", "export", "merge", "assign"})


class Scope(IntEnum):
    """How far a right reaches."""

    NONE = 0
    OWN = 1
    TEAM = 2
    SUBTREE = 3
    ALL = 4


def scope_of(user: "User | AnonymousUser", noun: str, action: str) -> Scope:
    """How far `user` may do `action` on `noun`. A team's leader reaches the teams below it."""
    if noun not in NOUNS or action not in ACTIONS:
        raise ValueError(f"unknown right: {action} {noun}")
    if not user.is_authenticated or not user.is_active:
        return Scope.NONE
    if user.is_partner:
        return Scope.OWN if (noun, action) in cells_of(operations_of(user)) else Scope.NONE
    if user.is_superuser and user.kind == user.Kind.STAFF:
        return Scope.ALL
    scope = Scope(_matrix(user).get((noun, action), Scope.NONE))
    return Scope.SUBTREE if scope == Scope.TEAM and _leads(user) else scope


def may(user: "User | AnonymousUser", noun: str, action: str) -> bool:
    """Whether `user` may do `action` on at least some `noun`."""
    return scope_of(user, noun, action) > Scope.NONE


def require(user: "User | AnonymousUser", noun: str, action: str) -> None:
    """Raise PermissionDenied unless `may`."""
    if not may(user, noun, action):
        raise PermissionDenied(f"{action} {noun}")


def operations_of(user: "User | AnonymousUser") -> frozenset[str]:
    """What somebody of an outside firm may do, as `tickets.comment`; roles count for nothing there."""
    firm = user.firm if user.is_authenticated and user.is_active and user.is_partner else None
    return effective(firm.allowed) if firm is not None and firm.is_active else frozenset()


def may_operate(user: "User", operation: str) -> bool:
    """Whether the entrance of outside firms allows an operation; others do not come in by it and are not held."""
    return not user.is_partner or operation in operations_of(user)


def require_operation(user: "User", operation: str) -> None:
    """Raise PermissionDenied unless `may_operate`."""
    if not may_operate(user, operation):
        raise PermissionDenied(operation)


def within(
    user: "User | AnonymousUser",
    noun: str,
    action: str,
    *,
    owner: str | None = None,
    team: str | None = None,
    contact: str | None = None,
    account: str | None = None,
    firm: str | None = None,
) -> Q:
    """The rows of `noun` in reach, by the lookups that lead to owner and team, for outsiders to theirs."""
    scope = scope_of(user, noun, action)
    if scope == Scope.NONE or isinstance(user, AnonymousUser):
        return Q(pk__in=[])
    if user.is_portal:
        return _of_customer(user, contact, account)
    if user.is_partner:
        return Q(**{firm: user.firm_id, f"{firm}__is_active": True}) if firm else Q(pk__in=[])
    return reach_at(user, scope, owner=owner, team=team)


def reach_at(user: "User", scope: Scope, *, owner: str | None = None, team: str | None = None) -> Q:
    """The rows that a member of staff reaches at a scope."""
    if scope == Scope.ALL:
        return Q()
    reach = Q(**{owner: user.pk}) if owner and scope > Scope.NONE else Q(pk__in=[])
    if team and scope >= Scope.TEAM:
        reach |= _of_teams(user, team, subtree=scope == Scope.SUBTREE)
    return reach


def _of_customer(user: "User", contact: str | None, account: str | None) -> Q:
    reach = Q(**{contact: user.contact_id}) if contact else Q(pk__in=[])
    if account and user.contact is not None:
        administered = user.contact.memberships.filter(is_portal_admin=True).values("account_id")
        reach |= Q(**{f"{account}__in": administered})
    return reach


def _of_teams(user: "User", team: str, *, subtree: bool) -> Q:
    reach = Q(**{f"{team}__in": user.teams.values("pk")})
    if subtree:
        for path in user.led_teams.values_list("path", flat=True):
            reach |= Q(**{f"{team}__path__startswith": path})
    return reach


def _matrix(user: "User") -> dict[tuple[str, str], int]:
    """The user's rights, and whether they lead a team, read once per instance, that is once per request."""
    cached: dict[tuple[str, str], int] | None = user.__dict__.get("_rights")
    if cached is None:
        cached = {}
        grants = ("grants__noun", "grants__action", "grants__scope")
        rows: Any = user.roles.exclude(grants=None).values_list(*grants, Exists(user.led_teams.all()))
        for noun, action, scope, is_leader in rows:
            cached[noun, action] = max(scope, cached.get((noun, action), 0))
            user.__dict__["_leads"] = is_leader
        user.__dict__["_rights"] = cached
    return cached


def _leads(user: "User") -> bool:
    """What `_matrix` found beside the rights."""
    return bool(user.__dict__.get("_leads"))
