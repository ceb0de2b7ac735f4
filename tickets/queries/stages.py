"""Where a ticket stands in its flow: the bar, the moves its reader may make, and what is still missing."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from crmcore.models import Team, User
from crmcore.permissions import Scope, scope_of
from crmcore.queries.rights import reaches
from tickets.models import Interaction, SlaClock, StageFlow, StageVisit, Ticket, TicketField, TicketType
from tickets.queries.approvals import unapproved
from tickets.queries.clock_faces import ClockFace, face_of_clock
from tickets.queries.fields import fields_of, missing
from tickets.stage_flow import Act, Doing, Flow, Stage, rank


@dataclass(frozen=True)
class BarStage:
    """A stage of the bar: done, now, ahead or skipped."""

    stage: Stage
    state: str


@dataclass(frozen=True)
class Move:
    """A step that the reader may take; `to` is a stage's code, `end`, or empty for one between tiers."""

    act: str
    to: str
    label: str


@dataclass(frozen=True)
class StageBar:
    """A ticket's stages with the present visit (None after the end), its clock, its moves and what they lack."""

    ticket: Ticket
    stages: list[BarStage]
    visit: StageVisit | None
    clock: SlaClock | None = None
    face: ClockFace | None = None
    ways: list[Move] = field(default_factory=list)
    others: list[Move] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)


def fields_on_opening(kind: TicketType) -> list[TicketField]:
    """What is asked for when a ticket is opened: all fields but those that belong to its later stages."""
    flow = StageFlow.objects.filter(type=kind, is_active=True).first()
    version = flow.in_use if flow else None
    stages = version.read().stages if version else ()
    later = {code for stage in stages[1:] for code in stage.needs} - {code for one in stages[:1] for code in one.needs}
    return [field for field in fields_of(kind) if field.code not in later or field.is_required == "opening"]


def category_of(ticket: Ticket, flow: Flow) -> str:
    """The ticket's value of the field by which its flow differs."""
    value = ticket.fields.get(flow.category_field, "")
    return value if isinstance(value, str) else ""


def open_visit(ticket: Ticket) -> StageVisit | None:
    """The visit that goes on."""
    return ticket.visits.filter(left_at=None).select_related("version", "team").first()


def stage_bar(ticket: Ticket, user: User, now: datetime) -> StageBar | None:
    """What a reader sees of the stages; None for a ticket that has none."""
    visits = list(ticket.visits.select_related("version", "team"))
    if not visits:
        return None
    last = visits[-1]
    visit = last if last.left_at is None else None
    flow = last.version.read()
    stages = _bar(flow, category_of(ticket, flow), visits, visit)
    if visit is None:
        return StageBar(ticket, stages, None)
    clock = ticket.clocks.filter(metric="stage", state__in=SlaClock.LIVE).select_related(
        "policy_version", "calendar_version"
    )
    running = clock.order_by("-instance").first()
    acts = acts_of(user, ticket, visit)
    face = face_of_clock(running, now) if running else None
    ways, others = moves(ticket, visit, acts)
    return StageBar(ticket, stages, visit, running, face, ways, others, lacking(ticket, visit))


def moves(ticket: Ticket, visit: StageVisit, acts: frozenset[str]) -> tuple[list[Move], list[Move]]:
    """The ways on, and the rarer steps, that these acts allow."""
    flow = visit.version.read()
    stage, category = flow.stage(visit.stage), category_of(ticket, flow)
    if stage is None:
        return [], []
    onward = [(code, flow.stage(code)) for code in flow.ways(stage, category)]
    ways = [Move(Act.WORK, code, to.label if to else "") for code, to in onward if Act.WORK in acts]
    others = []
    if Act.SKIP in acts and not stage.is_mandatory:
        others += [Move(Act.SKIP, code, to.label) for code, to in onward if to]
    if Act.BACK in acts:
        others += [Move(Act.BACK, one.code, one.label) for one in flow.before(stage, category)]
    if Act.CLIMB in acts and (above := team_above(visit.team or ticket.queue.team, visit.tier)):
        others.append(Move(Act.CLIMB, "", above.label))
    if Act.HAND_DOWN in acts and visit.climbs and (team := team_for(ticket.queue.team, stage.tier)):
        others.append(Move(Act.HAND_DOWN, "", team.label))
    return ways, others


def acts_of(user: User, ticket: Ticket, visit: StageVisit) -> frozenset[str]:
    """What the person may do with the ticket's stage: by the rights that the flow delegates to their tier.

    Who changes tickets of the whole desk, and everybody where no team has a tier, may do all of it.
    """
    if not reaches(user, "edit", ticket):
        return frozenset()
    if scope_of(user, "ticket", "edit") == Scope.ALL or not visit.tier:
        return frozenset(Act.values)
    tier = tier_of(user, ticket)
    acts = set(visit.version.read().rights.get(tier, ()))
    if rank(tier) < rank(visit.tier):
        acts -= {Act.WORK, Act.SKIP, Act.BACK, Act.HAND_DOWN}
    return frozenset(acts)


def tier_of(user: User, ticket: Ticket) -> str:
    """The highest tier from which the person looks at the ticket: of their teams those that it belongs to."""
    above = _line(ticket.queue.team)
    own = set(user.teams.values_list("pk", flat=True)) | set(user.led_teams.values_list("pk", flat=True))
    return max((team.tier for team in above if team.pk in own), key=rank, default="")


def lacking(ticket: Ticket, visit: StageVisit) -> list[str]:
    """What must be filled in or done before the stage ends, in the reader's words."""
    stage = visit.version.read().stage(visit.stage)
    if stage is None:
        return []
    empty = {one.code: one.label for one in missing(ticket, stage.needs)}
    undone = [Doing(code).label for code in stage.done if not _was_done(code, ticket, visit)]
    approvals = [_("approval: %(plan)s") % {"plan": plan.label} for plan in unapproved(ticket, stage.approvals)]
    return [*(empty[code] for code in stage.needs if code in empty), *map(str, undone), *approvals]


def team_for(home: Team | None, tier: str) -> Team | None:
    """The team of a tier that works for a queue: its own or the nearest above; without one its own."""
    if home is None or not tier:
        return home
    return next((team for team in _line(home) if rank(team.tier) >= rank(tier)), home)


def team_above(team: Team | None, tier: str) -> Team | None:
    """The nearest team above that stands on a higher tier."""
    return next((one for one in _line(team) if rank(one.tier) > rank(tier)), None)


def _line(team: Team | None) -> list[Team]:
    """A team and those above it, the nearest first."""
    if team is None:
        return []
    keys = [int(part) for part in team.path.strip("/").split("/") if part]
    rows = Team.objects.select_related("leader").in_bulk(keys)
    return [rows[key] for key in reversed(keys) if key in rows]


def _was_done(code: str, ticket: Ticket, visit: StageVisit) -> bool:
    if code == Doing.ASSIGNED:
        return ticket.assignee_id is not None
    since = ticket.interactions.filter(occurred_at__gte=visit.entered_at)
    if code == Doing.NOTE:
        return since.filter(channel=Interaction.Channel.NOTE).exists()
    answers = since.filter(direction=Interaction.Direction.OUT, is_public=True)
    return (answers | since.filter(channel=Interaction.Channel.CALL, answered=True)).exists()


def _bar(flow: Flow, category: str, visits: list[StageVisit], visit: StageVisit | None) -> list[BarStage]:
    """Stages before the present one are done where they were worked; after the end all are."""
    line = flow.for_category(category)
    present = next((at for at, one in enumerate(line) if visit and one.code == visit.stage), len(line))
    hows = {one.stage: one.how for one in visits}
    return [BarStage(stage, _state(at, present, hows.get(stage.code))) for at, stage in enumerate(line)]


def _state(at: int, present: int, how: str | None) -> str:
    if at == present:
        return "now"
    if at > present:
        return "ahead"
    return "done" if how and how != StageVisit.How.SKIP else "skipped"
