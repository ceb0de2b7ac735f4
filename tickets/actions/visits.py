"""Planning return visits for a locked ticket, and taking back those that nobody began."""

from datetime import datetime, timedelta

from crmcore import live
from crmcore.models import User
from tickets.actions.entries import append_event, names
from tickets.events import VisitChanged
from tickets.models import Ticket, Visit, VisitPlan


def plan_visit(ticket: Ticket, plan: VisitPlan, *, at: datetime) -> bool:
    """Plan a visit once for each time that the ticket comes to its end; False where that is so already."""
    has_customer = ticket.contact_id is not None or ticket.account_id is not None
    known = Visit.objects.filter(ticket=ticket, plan=plan, round=ticket.reopened_count, previous=None)
    if not has_customer or not plan.is_active or known.exists():
        return False
    due_from = at + timedelta(hours=plan.after_hours)
    visit = Visit.objects.create(
        ticket=ticket,
        plan=plan,
        round=ticket.reopened_count,
        account=ticket.account,
        contact=ticket.contact,
        method=plan.method,
        theme=plan.theme,
        script=plan.script,
        script_zh=plan.script_zh,
        questionnaire=plan.questionnaire.in_use if plan.questionnaire else None,
        team=ticket.queue.team,
        assignee=_person_for(ticket, plan),
        due_from=due_from,
        due_by=due_from + timedelta(hours=plan.window_hours),
        created_at=at,
    )
    append_event(ticket, "visit", by=None, at=at, what="planned", name=names(plan.theme))
    tell_visit(visit)
    return True


def cancel_visits(ticket: Ticket, *, at: datetime) -> None:
    """The matter goes on: what a rule planned for its end and nobody began is called off."""
    rows = Visit.objects.filter(ticket=ticket, plan__isnull=False, previous=None, progress__in=Visit.OPEN, tries=None)
    for visit in rows.select_for_update(of=("self",)).order_by("pk"):
        visit.progress, visit.ended_at = Visit.Progress.CANCELLED, at
        visit.save(update_fields=["progress", "ended_at"])
        tell_visit(visit)


def tell_visit(visit: Visit, *also: int | None) -> None:
    """Let the lists look again of who has the visit, and of who had it before."""
    told = {visit.assignee_id, *also} - {None}
    live.publish_all((f"agent:{user_id}", VisitChanged(visit_id=visit.pk)) for user_id in sorted(told, key=str))


def _person_for(ticket: Ticket, plan: VisitPlan) -> User | None:
    leader = ticket.queue.team.leader if ticket.queue.team else None
    wanted = {
        VisitPlan.Who.ASSIGNEE: ticket.assignee,
        VisitPlan.Who.LEADER: leader,
        VisitPlan.Who.OWNER: ticket.account.owner if ticket.account else None,
    }[VisitPlan.Who(plan.who)]
    person = wanted or leader
    return person if person and person.is_active else None
