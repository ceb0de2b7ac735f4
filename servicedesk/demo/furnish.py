"""Setting up the desk of the demo: people, skills, hours, queues, lines, promises."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.contrib.auth.hashers import make_password
from django.db.models import F

from crmcore.actions.people import create_team, create_user
from crmcore.models import (
    Calendar,
    CalendarVersion,
    NumberSequence,
    Queue,
    QueueMembership,
    QueueSkill,
    Region,
    Skill,
    Team,
    User,
    UserSkill,
    Wallboard,
)
from servicedesk.demo.active import is_open
from servicedesk.demo.cast import Cast
from servicedesk.demo.desk_schema import DeskText, PolicyText, QueueText
from servicedesk.demo.schema import StaffText, World
from telephony.models import PhoneLine
from tickets.models import Priority, SlaPolicy, SlaPolicyVersion, SlaTarget

PASSWORD = "demo-desk"  # noqa: S105 - printed on the sign-in page of every demo
DEFAULT_QUEUE = "network"
BEGINNING = datetime(2020, 1, 1, tzinfo=UTC)
HOUR_S = 3600


def furnish(desk: DeskText, worlds: Iterable[World], cast: Cast) -> None:
    """Create everything that stands on the desk before the first customer calls."""
    worlds = list(worlds)
    cast.read_shipped()
    _rest_shipped_queue()
    calendars = _calendars(desk)
    skills = {
        row.code: Skill.objects.get_or_create(code=row.code, defaults={"name": row.name, "name_zh": row.name_zh})[0]
        for row in desk.skills
    }
    for row in desk.numbers:
        NumberSequence.objects.get_or_create(key=row.key, defaults={"prefix": row.prefix})
    for world in worlds:
        _regions(world)
        _teams(world, cast)
        for person in world.staff:
            cast.staff[person.key] = _person(person, cast, skills)
        for team in world.teams:
            Team.objects.filter(pk=cast.teams[team.key].pk).update(leader=cast.staff[team.leader])
    _queues(desk, cast, calendars, skills)
    _memberships(worlds, cast)
    _lines(desk, cast)
    _policy(desk.policy, calendars)


def set_passwords() -> None:
    """One password for every demo sign-in, hashed once; none where this is no demo installation."""
    if is_open():
        User.objects.filter(is_demo=True).update(password=make_password(PASSWORD))


def _rest_shipped_queue() -> None:
    """Calls that nobody configured a queue for are the demo's, while it is loaded."""
    Queue.objects.filter(is_default=True, calls=None, tickets=None).update(is_default=False, is_active=False)


def _calendars(desk: DeskText) -> dict[str, Calendar]:
    calendars = {}
    for row in desk.calendars:
        calendar = Calendar.objects.create(code=row.code, name=row.name, name_zh=row.name_zh)
        CalendarVersion.objects.create(
            calendar=calendar,
            number=1,
            time_zone=row.time_zone,
            weekly=row.weekly,
            overrides=row.overrides,
            effective_from=BEGINNING,
            published_at=BEGINNING,
        )
        calendars[row.code] = calendar
    return calendars


def _regions(world: World) -> None:
    """Level by level, those first whose parents stand."""
    known: dict[str, Region] = Region.objects.in_bulk(field_name="code")
    while fresh := [row for row in world.regions if row.code not in known and (not row.parent or row.parent in known)]:
        new = (Region(code=row.code, name=row.name, name_zh=row.name_zh, parent=known.get(row.parent)) for row in fresh)
        known |= {region.code: region for region in Region.objects.bulk_create(new)}


def _teams(world: World, cast: Cast) -> None:
    for row in world.teams:
        parent = cast.teams[row.parent] if row.parent else None
        code = f"demo-{row.key}"
        cast.teams[row.key] = create_team(code, row.name, name_zh=row.name_zh, parent=parent, is_demo=True)


def _person(row: StaffText, cast: Cast, skills: dict[str, Skill]) -> User:
    is_admin = "admin" in row.roles
    user = create_user(
        row.username,
        name=row.name,
        password=None,
        roles=row.roles,
        teams=[cast.teams[row.team]],
        by=None,
        title=row.title,
        email=f"{row.username}@example.com",
        language=row.language,
        time_zone=row.time_zone,
        is_staff=is_admin,
        is_superuser=is_admin,
        is_demo=True,
    )
    UserSkill.objects.bulk_create(
        UserSkill(user=user, skill=skills[code], level=level) for code, level in row.skills.items()
    )
    return user


def _queues(desk: DeskText, cast: Cast, calendars: dict[str, Calendar], skills: dict[str, Skill]) -> None:
    for position, row in enumerate(desk.queues, start=1):
        queue = _queue(row, position, cast, calendars)
        QueueSkill.objects.bulk_create(
            QueueSkill(queue=queue, skill=skills[code], min_level=level) for code, level in row.skills.items()
        )
        cast.queues[row.code] = queue
    for wall in desk.wallboards:
        board = Wallboard.objects.create(
            token=wall.token, name=wall.name, name_zh=wall.name_zh, language=wall.language, is_demo=True
        )
        board.queues.set(cast.queues[code] for code in wall.queues)


def _queue(row: QueueText, position: int, cast: Cast, calendars: dict[str, Calendar]) -> Queue:
    has_default = Queue.objects.filter(is_default=True).exists()
    return Queue.objects.create(
        code=row.code,
        name=row.name,
        name_zh=row.name_zh,
        team=cast.teams[row.team],
        calendar=calendars[row.calendar],
        language=row.language,
        ticket_numbers=NumberSequence.objects.get(key=row.numbers),
        service_level_target=row.service_level_target,
        wrap_up_s=row.wrap_up_s,
        position=position,
        is_default=row.code == DEFAULT_QUEUE and not has_default,
        is_demo=True,
    )


def _memberships(worlds: list[World], cast: Cast) -> None:
    cast.members = {code: [] for code in cast.queues}
    for world in worlds:
        for person in world.staff:
            for penalty, code in enumerate(person.queues):
                QueueMembership.objects.create(queue=cast.queues[code], user=cast.staff[person.key], penalty=penalty)
                cast.members[code].append(cast.staff[person.key])


def _lines(desk: DeskText, cast: Cast) -> None:
    for row in desk.lines:
        cast.lines[row.number] = PhoneLine.objects.create(
            number=row.number,
            name=row.name,
            name_zh=row.name_zh,
            queue=cast.queues[row.queue],
            language=row.language,
            region=row.region,
            takes_texts=True,
            takes_whatsapp=True,
            is_demo=True,
        )


def _policy(row: PolicyText, calendars: dict[str, Calendar]) -> None:
    """Asked before the shipped policy, which stays for everybody else."""
    version = SlaPolicyVersion.objects.create(
        policy=SlaPolicy.objects.create(code=row.code, name=row.name, name_zh=row.name_zh, position=0),
        number=1,
        conditions={"all": [["grade", "is", [row.grade]]]},
        calendar=next(iter(calendars.values())),
        pauses=list(row.pauses),
        published_at=BEGINNING,
    )
    SlaPolicy.objects.exclude(code=row.code).update(position=F("position") + 1)
    SlaTarget.objects.bulk_create(
        SlaTarget(version=version, metric=metric, priority=priority, seconds=round(hours * HOUR_S))
        for metric, row_of_hours in row.targets.items()
        for priority, hours in zip(Priority.values, row_of_hours, strict=True)
    )
