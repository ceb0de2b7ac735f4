"""The desk that is under fire: a queue of each strategy, every mode of wrap-up, overflow, a menu, and its people."""

from dataclasses import dataclass

from crmcore import clock, models
from crmcore.actions import people, presence
from crmcore.models import Queue, QueueMembership, QueueSkill, Skill, Team, User, UserSkill
from crmcore.shipped_desk import install_desk
from crmcore.strategies import Preference, Strategy
from telephony.models import CallFlow, FlowVersion, OverflowRule, ParkingPolicy, PhoneLine, RecordingPolicy
from telephony.states import OverflowTarget
from tests.telephony.deeds import Staff
from tests.telephony.flows.trees import hang_up, menu, message, queue, says, tree
from tickets.actions.defaults import ensure_ticket_defaults

AGENTS = 26
SHAKY_FROM = 20
CUSTOMERS = [f"+86138001{n:05}" for n in range(60)]
FLOW = tree(
    "hello",
    hello=message("Welcome", "menu"),
    menu=menu(labels=("1", "2", "3"), key1="line", key2="box", key3="bye", timeout="line", wrong="bye"),
    line=queue("fire0"),
    box={"kind": "voicemail", "queue": "fire1", "prompt": says("Speak after the tone"), "longest_s": 60},
    bye=hang_up(),
)


@dataclass(frozen=True)
class Desk:
    staff: Staff
    numbers: list[str]


def open_desk() -> Desk:
    """Everything is there, every agent on duty."""
    people.ensure_roles()
    install_desk(models)
    ensure_ticket_defaults()
    team = people.create_team("fire", "Fire")
    queues = _queues(team)
    RecordingPolicy.objects.create(queue=queues[3], mode=RecordingPolicy.Mode.ALWAYS)
    RecordingPolicy.objects.create(queue=queues[5], mode=RecordingPolicy.Mode.ON_DEMAND, announces=False)
    ParkingPolicy.objects.create(pk=1, returns_after_s=15)
    skill = Skill.objects.create(code="zh", name="Chinese")
    QueueSkill.objects.create(queue=queues[2], skill=skill, min_level=4, relax_every_s=2, lowest_level=1)
    agents = [_agent(n, team, queues, skill) for n in range(AGENTS)]
    boss = people.create_user("boss", name="Boss", password=None, roles=["supervisor"], teams=[team], by=None)
    Team.objects.filter(pk=team.pk).update(leader=boss)
    presence.start_shift(boss)
    staff = Staff(
        steady=tuple(agent.pk for agent in agents[:SHAKY_FROM]),
        shaky=tuple(agent.pk for agent in agents[SHAKY_FROM:]),
        queues=tuple(row.pk for row in queues),
        supervisors=(boss.pk,),
        numbers=tuple(CUSTOMERS),
    )
    return Desk(staff, _lines(queues))


def _queues(team: Team) -> list[Queue]:
    modes = list(Queue.WrapUpMode.values)
    queues = [
        Queue.objects.create(
            code=f"fire{n}",
            name=f"Fire {n}",
            team=team,
            strategy=strategy,
            priority_s=5 * (n % 3),
            offer_timeout_s=3,
            wrap_up_s=2,
            wrap_up_mode=modes[n % len(modes)],
            exclusion_s=2,
            decline_pause_s=n % 2,
            preferred_agent=Preference.LAST if n % 2 else Preference.NOBODY,
            preferred_wait_s=2,
        )
        for n, strategy in enumerate([*Strategy.values, Strategy.LONGEST_IDLE])
    ]
    rules = [(3, 4, OverflowTarget.QUEUE, queues[0]), (4, 12, OverflowTarget.HANG_UP, None)]
    for place, limit, target, to_queue in rules:
        OverflowRule.objects.create(
            queue=queues[place], when="wait", limit=limit, target=target, to_queue=to_queue, message="Call again"
        )
    return queues


def _agent(n: int, team: Team, queues: list[Queue], skill: Skill) -> User:
    user = people.create_user(f"fire{n}", name=f"Fire {n}", password=None, roles=["agent"], teams=[team], by=None)
    served = queues if n % 3 else queues[: len(queues) // 2 + n % 2]
    QueueMembership.objects.bulk_create(
        QueueMembership(queue=row, user=user, penalty=int(n % 5 == 0), position=n) for row in served
    )
    UserSkill.objects.create(user=user, skill=skill, level=1 + n % 5)
    presence.start_shift(user)
    return user


def _lines(queues: list[Queue]) -> list[str]:
    numbers = [f"+8621510080{n:02}" for n in range(len(queues) + 1)]
    for number, row in zip(numbers, queues, strict=False):
        PhoneLine.objects.create(number=number, name=number, queue=row, language="en")
    now = clock.now()
    flow = CallFlow.objects.create(name="Menu")
    FlowVersion.objects.create(flow=flow, number=1, tree=FLOW, changed_at=now, published_at=now)
    PhoneLine.objects.create(number=numbers[-1], name="Menu", queue=queues[0], flow=flow, language="en")
    return numbers
