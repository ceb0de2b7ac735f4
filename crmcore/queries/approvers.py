"""Whom a step of an approval plan asks, as things stand now."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from crmcore.approval_plan import PlanStep, Whom
from crmcore.models import Team, User
from crmcore.permissions import may

LEADER = "leader"


def approvers(step: PlanStep, team: Team | None, *, without: User | None) -> list[User]:
    """Active staff whom the step names, each once, by name; never `without`."""
    found = Q(pk__in=[])
    for whom, value in step.who:
        found |= _named(whom, value, team)
    rows = _staff().filter(found).distinct().order_by("name", "pk")
    return list(rows.exclude(pk=without.pk) if without else rows)


def next_above(step: PlanStep, silent: Iterable[User], *, without: User | None) -> list[User]:
    """Who is asked instead of people who stayed silent: the one whom the step names, or the leaders above them."""
    if step.escalate == LEADER:
        leaders = [leader for person in silent if (leader := _leader_above(person))]
        found = list({person.pk: person for person in leaders}.values())
    else:
        found = list(_staff().filter(pk=int(step.escalate))) if step.escalate.isdecimal() else []
    return [person for person in found if without is None or person.pk != without.pk]


def keepers() -> list[User]:
    """Who keeps the settings: they are asked where a plan leads to nobody."""
    return [person for person in _staff().order_by("name", "pk") if may(person, "settings", "edit")]


def line_above(team: Team | None) -> list[Team]:
    """A team and those above it, the nearest first."""
    if team is None:
        return []
    keys = [int(part) for part in team.path.strip("/").split("/") if part]
    rows = Team.objects.in_bulk(keys)
    return [rows[key] for key in reversed(keys) if key in rows]


def _staff() -> QuerySet[User]:
    return User.objects.filter(kind=User.Kind.STAFF, is_active=True)


def _named(whom: str, value: str, team: Team | None) -> Q:
    if whom == Whom.LEADER:
        leader = next((one.leader_id for one in line_above(team) if one.leader_id), None)
        return Q(pk=leader)
    if whom == Whom.TIER:
        above = next((one for one in line_above(team) if one.tier == value), None)
        return Q(teams=above) | Q(led_teams=above) if above else Q(pk__in=[])
    if not value.isdecimal():
        return Q(pk__in=[])
    path = {Whom.USER: "pk", Whom.ROLE: "roles", Whom.TEAM: "teams"}[Whom(whom)]
    return Q(**{path: int(value)})


def _leader_above(person: User) -> User | None:
    """The nearest leader above somebody who is not that person."""
    for team in person.teams.order_by("pk"):
        for one in line_above(team):
            leader = one.leader
            if leader is not None and leader.pk != person.pk and leader.is_active:
                return leader
    return None
