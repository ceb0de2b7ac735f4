"""Moving a ticket through its stages: once for each click, by whoever may, with nothing left out."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from tickets.actions.changing import StaleTicket, changing
from tickets.actions.entries import append_event, names
from tickets.actions.moves import WrongMove, move
from tickets.actions.stage_visits import climb, enter, leave, own_team, restart_clock
from tickets.models import Category, StageVisit, Ticket
from tickets.queries.stages import acts_of, category_of, lacking, open_visit
from tickets.queries.wording import status_in
from tickets.stage_flow import END, Act

REASONED = (Act.BACK, Act.SKIP, Act.CLIMB)


def take_step(ticket: Ticket, act: str, to: str, *, visit: int, by: User | None, reason: str = "") -> Ticket:
    """Take one step from the visit that its reader saw; the same step twice is one.

    Raises StaleTicket when the ticket stands elsewhere by now, PermissionDenied for who may not, and WrongMove with
    what is missing.
    """
    with changing(ticket) as ticket:
        present = open_visit(ticket)
        if present is None or present.pk != visit:
            if _was_taken(ticket, visit, to, by):
                return ticket
            raise StaleTicket(ticket.number)
        if by is not None and act not in acts_of(by, ticket, present):
            raise PermissionDenied(f"{act} {ticket.number}")
        if act in REASONED and not reason.strip():
            raise WrongMove(_("Say why."))
        _STEPS[Act(act)](ticket, present, to, by, now(), reason.strip())
    return ticket


def _was_taken(ticket: Ticket, visit: int, to: str, by: User | None) -> bool:
    return ticket.visits.filter(pk=visit, to=to, left_by=by, left_at__isnull=False).exists()


def _work(ticket: Ticket, visit: StageVisit, to: str, by: User | None, at: datetime, reason: str) -> None:
    flow = visit.version.read()
    stage = flow.stage(visit.stage)
    if stage is None or to not in flow.ways(stage, category_of(ticket, flow)):
        raise WrongMove(_("No way leads there from this stage."))
    if lacks := lacking(ticket, visit):
        listed = pgettext("between parts", ", ").join(lacks)
        raise WrongMove(_("Missing before the next stage: %(lacks)s") % {"lacks": listed})
    _pass(ticket, visit, StageVisit.How.WORK, to, by=by, at=at)


def _skip(ticket: Ticket, visit: StageVisit, to: str, by: User | None, at: datetime, reason: str) -> None:
    flow = visit.version.read()
    stage = flow.stage(visit.stage)
    if stage is None or stage.is_mandatory or to == END or to not in flow.ways(stage, category_of(ticket, flow)):
        raise WrongMove(_("This stage is not skipped."))
    append_event(ticket, "stage_skipped", by=by, at=at, was=names(stage), reason=reason)
    _pass(ticket, visit, StageVisit.How.SKIP, to, by=by, at=at)


def _back(ticket: Ticket, visit: StageVisit, to: str, by: User | None, at: datetime, reason: str) -> None:
    flow = visit.version.read()
    stage = flow.stage(visit.stage)
    earlier = flow.before(stage, category_of(ticket, flow)) if stage else []
    if stage is None or to not in [one.code for one in earlier]:
        raise WrongMove(_("No way leads back to that stage."))
    append_event(ticket, "stage_back", by=by, at=at, was=names(stage), reason=reason)
    _pass(ticket, visit, StageVisit.How.BACK, to, by=by, at=at)


def _climb(ticket: Ticket, visit: StageVisit, to: str, by: User | None, at: datetime, reason: str) -> None:
    if not climb(ticket, visit, by=by, at=at, reason=reason):
        raise WrongMove(_("No team stands above this one."))


def _hand_down(ticket: Ticket, visit: StageVisit, to: str, by: User | None, at: datetime, reason: str) -> None:
    team = own_team(ticket, visit)
    if not visit.climbs or team is None:
        raise WrongMove(_("The stage stands at its own tier already."))
    visit.team, visit.tier, visit.climbs = team, team.tier, 0
    visit.save(update_fields=["team", "tier", "climbs"])
    append_event(ticket, "handed_down", by=by, at=at, now=names(team), reason=reason)
    audit.record("ticket.stage_handed_down", ticket, by=by, detail={"stage": visit.stage, "to": team.code})
    restart_clock(ticket, visit, at)


def _pass(ticket: Ticket, visit: StageVisit, how: str, to: str, *, by: User | None, at: datetime) -> None:
    """Leave one stage and enter the next, or end the loop; the status follows."""
    flow = visit.version.read()
    leave(ticket, visit, how, to=to, by=by, at=at)
    stage = flow.stage(to)
    wanted = stage.status if stage else flow.end_status
    if wanted and wanted != ticket.status.category:
        move(ticket, status_in(wanted), by=by, at=at)
    elif how == StageVisit.How.BACK and not ticket.status.is_active:
        move(ticket, status_in(Category.OPEN), by=by, at=at)
    if stage is not None:
        enter(ticket, visit.version, stage, by=by, at=at)
        return
    append_event(ticket, "stages_done", by=by, at=at)
    audit.record("ticket.stages_done", ticket, by=by)


_STEPS: dict[Act, Callable[[Ticket, StageVisit, str, User | None, datetime, str], None]] = {
    Act.WORK: _work,
    Act.SKIP: _skip,
    Act.BACK: _back,
    Act.CLIMB: _climb,
    Act.HAND_DOWN: _hand_down,
}
