"""The estate firm of the demo: a group, two companies, two projects, and complaints at every stage of their loop."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import cycle

from crmcore import clock
from crmcore.actions.people import create_team, create_user
from crmcore.models import Account, Calendar, Queue, QueueMembership, Team, User
from servicedesk.demo.cast import Cast
from servicedesk.demo.estate_texts import COMPLAINTS, FILLED, REPLY, ComplaintText
from tickets.actions.fields import set_fields
from tickets.actions.lifecycle import assign_ticket, open_ticket
from tickets.actions.replies import reply
from tickets.actions.stages import take_step
from tickets.models import Ticket, TicketType
from tickets.queries.stages import open_visit

STEP = timedelta(minutes=35)
LAST_PLACES = 90


@dataclass(frozen=True)
class Site:
    """One company with its project: who coordinates, who works, in which language."""

    key: str
    language: str
    zone: str
    calendar: str
    company: tuple[str, str]
    project: tuple[str, str]
    coordinator: tuple[str, str]
    specialist: tuple[str, str]


SITES = (
    Site(
        "hangzhou",
        "zh-hans",
        "Asia/Shanghai",
        "demo-hangzhou",
        ("Cloud Garden Hangzhou", "云栖置业杭州公司"),
        ("Cloud Garden project", "云栖花园项目部"),
        ("shi.yutong", "施雨桐"),
        ("han.li", "韩立"),
    ),
    Site(
        "london",
        "en",
        "Europe/London",
        "demo-always",
        ("Cloud Garden London", "云栖置业伦敦公司"),
        ("Riverside project", "河畔项目部"),
        ("grace.addison", "Grace Addison"),
        ("tom.fielding", "Tom Fielding"),
    ),
)


def add_estate(cast: Cast, *, now: datetime) -> None:
    """Create the firm and play its complaints up to the present."""
    group = _team("estate", ("Cloud Garden group", "云栖置业集团"), None, Team.Tier.GROUP)
    chief = _person("lu.wenqing", "陆文清", "supervisor", group, SITES[0])
    Team.objects.filter(pk=group.pk).update(leader=chief)
    for place, site in enumerate(SITES):
        queue, specialist = _site(site, group, place)
        owners = cycle(_owners(cast, site.language))
        for complaint in COMPLAINTS:
            _play(complaint, queue, specialist, next(owners), now=now, language=site.language)


def _site(site: Site, group: Team, place: int) -> tuple[Queue, User]:
    company = _team(f"estate-{site.key}", site.company, group, Team.Tier.COMPANY)
    project = _team(f"estate-{site.key}-project", site.project, company, Team.Tier.PROJECT)
    coordinator = _person(*site.coordinator, "supervisor", company, site)
    Team.objects.filter(pk=company.pk).update(leader=coordinator)
    specialist = _person(*site.specialist, "agent", project, site)
    queue = Queue.objects.create(
        code=f"estate-{site.key}",
        name=site.project[0],
        name_zh=site.project[1],
        team=project,
        calendar=Calendar.objects.get(code=site.calendar),
        language="",
        position=LAST_PLACES + place,
        is_demo=True,
    )
    QueueMembership.objects.create(queue=queue, user=specialist)
    return Queue.objects.select_related("team").get(pk=queue.pk), specialist


def _team(code: str, names: tuple[str, str], parent: Team | None, tier: str) -> Team:
    team = create_team(f"demo-{code}", names[0], name_zh=names[1], parent=parent, is_demo=True)
    Team.objects.filter(pk=team.pk).update(tier=tier)
    return Team.objects.get(pk=team.pk)


def _person(username: str, name: str, role: str, team: Team, site: Site) -> User:
    return create_user(
        username,
        name=name,
        password=None,
        roles=[role],
        teams=[team],
        by=None,
        language=site.language,
        time_zone=site.zone,
        email=f"{username}@example.com",
        is_demo=True,
    )


def _owners(cast: Cast, language: str) -> list[Account]:
    """Customers of the language who do not sign in on the portal, so that its pages stay as they were told."""
    mine = [row for row in cast.accounts.values() if row.language == language]
    return [row for row in mine if not row.contacts.filter(users__isnull=False).exists()][-len(COMPLAINTS) :]


def _play(
    complaint: ComplaintText, queue: Queue, specialist: User, owner: Account, *, now: datetime, language: str
) -> None:
    """Open a complaint in the past and bring it to its stage, one step every half hour."""
    at = 1 if language == "zh-hans" else 0
    moments = _moments(now - timedelta(hours=complaint.hours_ago))
    with clock.at(next(moments)):
        ticket = open_ticket(
            by=specialist,
            subject=complaint.subject[at],
            type=TicketType.objects.get(code="property_complaint"),
            queue=queue,
            account=owner,
            contact=owner.contacts.first(),
            channel=Ticket.Channel.CALL,
            body=complaint.body[at],
            assignee=specialist,
            contacted_at=now - timedelta(hours=complaint.hours_ago),
            fields={"building": complaint.building[at]},
        )
    while ticket.stage and ticket.stage != complaint.stage:
        with clock.at(next(moments)):
            ticket = _finish_stage(ticket, complaint, specialist, at)
    with clock.at(next(moments)):
        for mark in complaint.marks:
            set_fields(ticket, {mark: True}, by=specialist)


def _finish_stage(ticket: Ticket, complaint: ComplaintText, by: User, at: int) -> Ticket:
    facts = {code: value[at] if isinstance(value, tuple) else value for code, value in FILLED[ticket.stage].items()}
    if ticket.stage == "reception":
        facts |= {"task_category": complaint.category, "weight": complaint.weight}
    ticket = set_fields(assign_ticket(ticket, to=by, by=by), facts, by=by)
    if ticket.stage == "handling":
        reply(ticket, by=by, body=REPLY[at])
    visit = open_visit(ticket)
    if visit is None:
        return ticket
    flow = visit.version.read()
    stage = flow.stage(visit.stage)
    return (
        take_step(ticket, "work", flow.ways(stage, complaint.category)[0], visit=visit.pk, by=by) if stage else ticket
    )


def _moments(since: datetime) -> Iterator[datetime]:
    while True:
        yield since
        since += STEP
