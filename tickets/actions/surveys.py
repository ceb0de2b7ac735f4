"""Planning to ask a customer how it went, and taking the plan back; both expect a locked ticket."""

from datetime import datetime, timedelta

from crmcore.later import run_later
from tickets.actions.entries import append_event, names
from tickets.models import Survey, SurveyTemplate, Ticket

OPEN = (Survey.State.PLANNED, Survey.State.ASKED)


def plan_survey(ticket: Ticket, template: SurveyTemplate, *, at: datetime) -> bool:
    """Ask once about a ticket that is over, after the template's delay; False where that is so already."""
    has_customer = ticket.contact_id is not None or ticket.account_id is not None
    known = Survey.objects.filter(ticket=ticket, template__isnull=False, reference="").exclude(state__in=Survey.VOID)
    rated = Survey.objects.filter(ticket=ticket, measure=template.measure, state=Survey.State.ANSWERED)
    if ticket.status.is_active or not has_customer or not template.is_active or (known | rated).exists():
        return False
    survey = Survey.objects.create(
        ticket=ticket,
        template=template,
        measure=template.measure,
        account=ticket.account,
        contact=ticket.contact,
        agent=ticket.assignee,
        queue=ticket.queue,
        questionnaire=template.questionnaire.in_use if template.questionnaire else None,
        planned_at=at,
        due_at=at + timedelta(hours=template.delay_hours),
    )
    append_event(ticket, "survey", by=None, at=at, survey=names(template))
    if not template.delay_hours:
        run_later("tickets.ask_survey", survey.pk)
    return True


def cancel_surveys(ticket: Ticket) -> None:
    """The matter is not over: what nobody has answered yet is asked no more."""
    Survey.objects.filter(ticket=ticket, state__in=OPEN).update(state=Survey.State.CANCELLED)
