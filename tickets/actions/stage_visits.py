"""One visit of a stage: begun with its clock and its workers, ended, handed up when time runs out."""

from collections.abc import Iterable
from datetime import datetime

from crmcore.actions import audit
from crmcore.models import Queue, Team, User
from tickets.actions import sla
from tickets.actions.entries import append_event, names
from tickets.actions.placing import hand_to, pass_to_queue, prioritise
from tickets.models import Priority, StageFlow, StageFlowVersion, StageVisit, Ticket, TicketType
from tickets.queries.stages import category_of, open_visit, team_above, team_for
from tickets.stage_flow import Stage, rank


def begin_stages(ticket: Ticket, *, by: User | None, at: datetime) -> None:
    """Let a locked ticket enter the first stage of its type's flow, if the type has one in use."""
    version = version_for(ticket.type)
    first = version.read().first(category_of(ticket, version.read())) if version else None
    if version is not None and first is not None:
        enter(ticket, version, first, by=by, at=at)


def version_for(kind: TicketType) -> StageFlowVersion | None:
    """What new tickets of a type follow."""
    flow = StageFlow.objects.filter(type=kind, is_active=True).first()
    return flow.in_use if flow else None


def enter(ticket: Ticket, version: StageFlowVersion, stage: Stage, *, by: User | None, at: datetime) -> StageVisit:
    """Begin a stage on a locked ticket: its queue, its team, its clock."""
    category = category_of(ticket, version.read())
    _into_queue(ticket, stage.queues.get(category) or stage.queues.get("", ""), by=by, at=at)
    wanted = version.read().tier_of(stage, ticket.fields)
    team = team_for(ticket.queue.team, wanted)
    tier = team.tier if team and wanted else ""
    visit = StageVisit.objects.create(
        ticket=ticket, version=version, stage=stage.code, tier=tier, team=team, entered_at=at
    )
    ticket.stage = stage.code
    append_event(ticket, "stage", by=by, at=at, now=names(stage), team=names(team) if team else None)
    audit.record("ticket.stage_entered", ticket, by=by, detail={"stage": stage.code, "version": version.number})
    sla.stage_entered(ticket, at, target_s=stage.limit(category) or None, about=names(stage))
    return visit


def heed_alarms(ticket: Ticket, changed: Iterable[str], *, by: User | None, at: datetime) -> None:
    """A mark that was just set makes a locked ticket urgent and hands it up to the tier that handles such cases."""
    visit = open_visit(ticket)
    flow = visit.version.read() if visit else None
    if visit is None or flow is None:
        return
    if not any(code in flow.alarms and ticket.fields.get(code) is True for code in changed):
        return
    prioritise(ticket, Priority.URGENT, by=by, at=at)
    while rank(visit.tier) < rank(flow.alarm_tier) and climb(ticket, visit, by=by, at=at):
        continue


def leave(ticket: Ticket, visit: StageVisit, how: str, *, to: str, by: User | None, at: datetime) -> None:
    """End the visit of a locked ticket and its clock."""
    visit.left_at, visit.left_by, visit.how, visit.to = max(at, visit.entered_at), by, how, to
    visit.save(update_fields=["left_at", "left_by", "how", "to"])
    ticket.stage = ""
    sla.stage_left(ticket, at)


def drop_stages(ticket: Ticket, *, by: User | None, at: datetime) -> None:
    """The ticket's loop ends unfinished: it became void, or is of another type now."""
    visit = open_visit(ticket)
    if visit is not None:
        leave(ticket, visit, StageVisit.How.DROPPED, to="", by=by, at=at)


def reopen_stages(ticket: Ticket, *, by: User | None, at: datetime) -> None:
    """A reopened ticket goes to the stage that takes such tickets, in the version that it began with."""
    last = ticket.visits.select_related("version").last()
    if last is None:
        return
    flow = last.version.read()
    line = flow.for_category(category_of(ticket, flow))
    stage = next((one for one in line if one.takes_reopened), None)
    if stage is None or (last.left_at is None and last.stage == stage.code):
        return
    if last.left_at is None:
        leave(ticket, last, StageVisit.How.REOPENED, to=stage.code, by=by, at=at)
    enter(ticket, last.version, stage, by=by, at=at)


def climb(ticket: Ticket, visit: StageVisit, *, by: User | None, at: datetime, reason: str = "") -> bool:
    """Hand a stage up to the next tier, whose leader owns the ticket now and has the stage's time anew.

    False where no team stands above.
    """
    above = team_above(visit.team or ticket.queue.team, visit.tier)
    if above is None:
        return False
    visit.team, visit.tier, visit.climbs = above, above.tier, visit.climbs + 1
    visit.save(update_fields=["team", "tier", "climbs"])
    append_event(ticket, "climbed", by=by, at=at, now=names(above), tier=above.tier, reason=reason)
    if above.leader is not None and above.leader.is_active:
        hand_to(ticket, above.leader, by=by, at=at)
    audit.record("ticket.stage_climbed", ticket, by=by, detail={"stage": visit.stage, "to": above.code})
    restart_clock(ticket, visit, at)
    return True


def restart_clock(ticket: Ticket, visit: StageVisit, at: datetime) -> None:
    """Another tier works the stage from now on and has its own time for it."""
    flow = visit.version.read()
    stage = flow.stage(visit.stage)
    if stage is not None:
        limit = stage.limit(category_of(ticket, flow))
        sla.stage_entered(ticket, at, target_s=limit or None, about=names(stage))


def _into_queue(ticket: Ticket, code: str, *, by: User | None, at: datetime) -> None:
    queue = Queue.objects.select_related("team").filter(code=code, is_active=True).first() if code else None
    if queue is not None and queue != ticket.queue:
        pass_to_queue(ticket, queue, by=by, at=at)
        hand_to(ticket, None, by=by, at=at)


def stage_breached(ticket: Ticket, at: datetime) -> None:
    """The time of the ticket's stage ran out: it goes up a tier."""
    visit = open_visit(ticket)
    if visit is not None:
        climb(ticket, visit, by=None, at=at)


def own_team(ticket: Ticket, visit: StageVisit) -> Team | None:
    """The team that works the stage before it climbs."""
    flow = visit.version.read()
    stage = flow.stage(visit.stage)
    return team_for(ticket.queue.team, flow.tier_of(stage, ticket.fields)) if stage else None
