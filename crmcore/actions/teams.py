"""Teams and skills: the tree of the organisation, and what people can do."""

from django.db import models, transaction

from crmcore.actions import audit
from crmcore.actions.codes import free_code
from crmcore.models import QueueSkill, Skill, Team, User, UserSkill
from crmcore.permissions import require


class Circle(Exception):
    """A team cannot stand below itself."""


class StillUsed(Exception):
    """Something still needs the row, so it stays."""


@transaction.atomic
def save_team(team: Team, *, by: User) -> None:
    """Store a team; the teams below move with it. Raises Circle."""
    require(by, "settings", "edit")
    rows = {row.pk: row for row in Team.objects.select_for_update(of=("self",)).order_by("pk")}
    above = rows.get(team.parent_id or 0)
    if team.pk and above and above.path.startswith(rows[team.pk].path):
        raise Circle(team.code)
    is_new, before = team.pk is None, rows[team.pk].path if team.pk else ""
    team.code = team.code or free_code(Team.objects, team.name, "team")
    team.save()
    team.path = f"{above.path if above else '/'}{team.pk}/"
    team.save(update_fields=["path"])
    if before and before != team.path:
        below = [row for row in rows.values() if row.pk != team.pk and row.path.startswith(before)]
        for row in below:
            row.path = team.path + row.path.removeprefix(before)
        Team.objects.bulk_update(below, ["path"])
    audit.record("team.created" if is_new else "team.changed", team, by=by, detail={"name": team.name})


@transaction.atomic
def save_skill(skill: Skill, *, by: User) -> None:
    require(by, "settings", "edit")
    is_new = skill.pk is None
    skill.code = skill.code or free_code(Skill.objects, skill.name, "skill")
    skill.save()
    audit.record("skill.created" if is_new else "skill.changed", skill, by=by, detail={"name": skill.name})


@transaction.atomic
def remove(row: Team | Skill, *, by: User) -> None:
    """Delete a team or a skill that nobody and nothing has. Raises StillUsed."""
    require(by, "settings", "edit")
    if isinstance(row, Team):
        used = row.members.exists() or row.queues.exists() or row.children.exists()
    else:
        used = UserSkill.objects.filter(skill=row).exists() or QueueSkill.objects.filter(skill=row).exists()
    if used:
        raise StillUsed(row.code)
    try:
        with transaction.atomic():
            audit.record(f"{row._meta.model_name}.removed", row, by=by, detail={"name": row.name})
            row.delete()
    except models.ProtectedError as error:
        raise StillUsed(row.code) from error
