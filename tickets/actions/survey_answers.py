"""What customers answer: one answer for each ask, changed for a while, and what a low one sets in motion."""

from collections.abc import Sequence
from datetime import datetime

import structlog
from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from tickets.actions.automation import attempt
from tickets.actions.changing import changing
from tickets.actions.entries import append_event
from tickets.actions.questionnaires import write_down
from tickets.models import Measure, Survey, Ticket

log = structlog.get_logger(__name__)

LONGEST_COMMENT = 1000


class SurveyOver(Exception):
    """It ran out, was taken back, or was answered too long ago to be changed."""


def answer_survey(survey: Survey, score: int, *, by: User | None, comment: str | None = None) -> Survey:
    """The customer's answer, or another in its place. Raises SurveyOver, and ValueError for what no scale holds."""
    if score not in survey.scale:
        raise ValueError(score)
    with changing(survey.ticket) as ticket:
        at = now()
        locked = _lock(survey)
        if not locked.takes_answer(at):
            raise SurveyOver
        write_answer(ticket, locked, score, by=by, at=at, comment=comment)
    return locked


@transaction.atomic
def answer_question(survey: Survey, code: str, given: Sequence[str]) -> bool:
    """The answer to the question that follows the score; False where another one is asked by now.

    Raises SurveyOver and BadAnswer.
    """
    locked = _lock(survey)
    if locked.state != Survey.State.ANSWERED or not locked.takes_answer(now()):
        raise SurveyOver
    is_next = write_down(locked, code, given)
    locked.save(update_fields=["answers"])
    return is_next


def rate(ticket: Ticket, score: int, *, by: User | None, at: datetime, comment: str) -> None:
    """A rating that the customer gives on the portal, asked or not; expects a locked ticket."""
    known = Survey.objects.filter(ticket=ticket, measure=Measure.CSAT, reference="").exclude(state__in=Survey.VOID)
    survey = known.order_by("template").first() or Survey(
        ticket=ticket,
        measure=Measure.CSAT,
        account=ticket.account,
        contact=ticket.contact,
        agent=ticket.assignee,
        queue=ticket.queue,
        planned_at=at,
        due_at=at,
    )
    write_answer(ticket, _lock(survey) if survey.pk else survey, score, by=by, at=at, comment=comment)


def write_answer(
    ticket: Ticket, survey: Survey, score: int, *, by: User | None, at: datetime, comment: str | None
) -> None:
    """Put an answer on a locked survey of a locked ticket; the same answer again leaves no trace."""
    if comment is not None:
        survey.comment = comment.strip()[:LONGEST_COMMENT]
    is_new = survey.score != score or comment is not None
    survey.state, survey.score, survey.answered_at = Survey.State.ANSWERED, score, survey.answered_at or at
    if survey.measure == Measure.CSAT:
        ticket.rating, ticket.rating_comment, ticket.rated_at = score, survey.comment, at
    if is_new:
        event = "rated" if survey.measure == Measure.CSAT else "surveyed"
        facts = {} if survey.measure == Measure.CSAT else {"measure": survey.measure}
        append_event(ticket, event, by=by, at=at, score=score, comment=survey.comment, **facts)
        audit.record("ticket.rated", ticket, by=by, detail={"score": score, "measure": survey.measure})
    _follow_up(ticket, survey, at)
    survey.save()


def _lock(survey: Survey) -> Survey:
    Survey.objects.select_for_update().values("pk").get(pk=survey.pk)
    return Survey.objects.select_related("template", "questionnaire").get(pk=survey.pk)


def _follow_up(ticket: Ticket, survey: Survey, at: datetime) -> None:
    """What the template says for low scores, once for each survey however often the answer is changed."""
    template = survey.template
    is_low = template is not None and template.low_at is not None and (survey.score or 0) <= template.low_at
    if template is None or not is_low or survey.followed_at is not None or not template.low_steps:
        return
    survey.followed_at = at
    _did, problem = attempt(template.low_steps, ticket, at)
    if problem:
        log.warning("tickets.low_score_not_followed", ticket=ticket.number, problem=problem)
