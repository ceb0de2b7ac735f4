"""What callers say by keypad after a call becomes a survey of the call's ticket, once for each call."""

from dataclasses import dataclass
from datetime import datetime

from crmcore.models import Queue, User
from tickets.actions.changing import changing
from tickets.actions.survey_answers import write_answer
from tickets.models import Survey, SurveyTemplate, Ticket
from tickets.queries.merged import survivor_of


@dataclass(frozen=True)
class CallAnswer:
    """Who was asked by which survey, and the answer; a `score` of None is silence. `reference` names the call."""

    reference: str
    template: SurveyTemplate
    agent: User | None
    queue: Queue
    asked_at: datetime
    score: int | None = None
    answered_at: datetime | None = None


def enter_call_answer(ticket: Ticket, answer: CallAnswer) -> Survey:
    """The survey of this call; where it stands already, nothing changes."""
    with changing(survivor_of(ticket)) as held:
        known = Survey.objects.filter(reference=answer.reference).first()
        if known is not None:
            return known
        survey = Survey(
            ticket=held,
            template=answer.template,
            measure=answer.template.measure,
            account=held.account,
            contact=held.contact,
            agent=answer.agent,
            queue=answer.queue,
            state=Survey.State.EXPIRED,
            planned_at=answer.asked_at,
            due_at=answer.asked_at,
            asked_at=answer.asked_at,
            reference=answer.reference,
        )
        if answer.score is None:
            survey.save()
        else:
            at = answer.answered_at or answer.asked_at
            write_answer(held, survey, answer.score, by=None, at=at, comment=None)
    return survey
