"""Some weeks of answers and return visits, so that their reports and lists live from the first minute."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random

from django.db.models import QuerySet

from crmcore.models import User
from servicedesk.demo.cast import Cast
from servicedesk.demo.satisfaction_texts import OBJECTIONS, PRAISE, SAID, TROUBLE
from tickets.models import (
    Category,
    Questionnaire,
    QuestionnaireVersion,
    Rule,
    Survey,
    SurveyTemplate,
    Ticket,
    Visit,
    VisitMethod,
    VisitPlan,
    VisitTheme,
)
from tickets.questionnaires import QuestionKind
from tickets.questionnaires import Questionnaire as Questions

RULES = ("survey-csat", "visit-complaint")
WEEKS = timedelta(weeks=9)
MOST = 900
ANSWERING, COMMENTING = 0.42, 0.35
# Of a hundred answers, from the lowest score up.
WEIGHTS = {
    "csat": (4, 4, 9, 31, 52),
    "nps": (3, 1, 1, 2, 2, 4, 5, 12, 22, 24, 24),
    "effort": (2, 3, 5, 9, 17, 31, 33),
}
MEASURES = ("csat", "csat", "csat", "nps", "effort")
AGENTS = ("agent1", "agent2")
OPEN_VISITS = (timedelta(hours=-5), timedelta(hours=2), timedelta(hours=20), timedelta(hours=40), timedelta(days=4))


def wake_rules() -> None:
    """Let the desk ask and visit by itself, with questions after the score and on the telephone."""
    service = Questionnaire.objects.get(code="service")
    SurveyTemplate.objects.filter(code="csat").update(questionnaire=service)
    VisitPlan.objects.update(questionnaire=service)
    Rule.objects.filter(code__in=RULES).update(is_active=True)


def rest_rules() -> None:
    """As they came."""
    SurveyTemplate.objects.filter(questionnaire__code="service").update(questionnaire=None)
    VisitPlan.objects.filter(questionnaire__code="service").update(questionnaire=None)
    Rule.objects.filter(code__in=RULES).update(is_active=False)


def add_answers(*, now: datetime, rng: Random) -> None:
    """What customers of the last weeks answered, or left unanswered."""
    templates = {row.code: row for row in SurveyTemplate.objects.all()}
    version = QuestionnaireVersion.objects.filter(questionnaire__code="service").latest("number")
    rows = _over(now).filter(surveys=None).order_by("-solved_at", "pk")[:MOST]
    Survey.objects.bulk_create(_asked(ticket, templates[rng.choice(MEASURES)], version, now, rng) for ticket in rows)


def add_visits(cast: Cast, *, now: datetime, rng: Random) -> None:
    """Visits that agents made, and those that wait for the people of the sign-ins."""
    plan = VisitPlan.objects.get(code="level-a")
    done = list(_over(now).filter(account__grade="A", assignee__isnull=False).order_by("-solved_at", "pk")[:60])
    Visit.objects.bulk_create(_made(ticket, plan, now, rng) for ticket in done if ticket.assignee)
    for username in AGENTS:
        agent = next(person for person in cast.staff.values() if person.username == username)
        Visit.objects.bulk_create(_waiting(agent, now))


def _over(now: datetime) -> QuerySet[Ticket]:
    known = Ticket.objects.filter(is_demo=True, contact__isnull=False, solved_at__gte=now - WEEKS)
    shown = known.exclude(status__category=Category.VOID).filter(is_active=False)
    return shown.select_related("contact", "assignee", "queue__team").defer("search")


def _asked(
    ticket: Ticket, template: SurveyTemplate, version: QuestionnaireVersion, now: datetime, rng: Random
) -> Survey:
    assert ticket.solved_at is not None
    asked_at = ticket.solved_at + timedelta(hours=template.delay_hours)
    answered_at = asked_at + timedelta(minutes=rng.randint(3, 2000))
    survey = Survey(
        ticket=ticket,
        template=template,
        measure=template.measure,
        account_id=ticket.account_id,
        contact_id=ticket.contact_id,
        agent_id=ticket.assignee_id,
        queue_id=ticket.queue_id,
        planned_at=ticket.solved_at,
        due_at=asked_at,
        asked_at=asked_at,
        expires_at=asked_at + timedelta(days=template.valid_days),
        state=Survey.State.ASKED,
        questionnaire=version if template.questionnaire_id else None,
    )
    if answered_at < now and rng.random() < ANSWERING:
        _answer(survey, answered_at, rng)
    elif survey.expires_at and survey.expires_at < now:
        survey.state = Survey.State.EXPIRED
    elif asked_at > now:
        survey.state, survey.asked_at, survey.expires_at = Survey.State.PLANNED, None, None
    return survey


def _answer(survey: Survey, at: datetime, rng: Random) -> None:
    scale = list(survey.scale)
    survey.state, survey.answered_at = Survey.State.ANSWERED, at
    survey.score = rng.choices(scale, WEIGHTS[survey.measure])[0]
    if survey.questionnaire and rng.random() < COMMENTING:
        _answer_questions(survey, survey.questionnaire.read(), rng)
    is_low = survey.score <= scale[len(scale) // 2 - 1]
    if is_low or rng.random() < COMMENTING:
        chinese = (survey.ticket.contact.language if survey.ticket.contact else "").startswith("zh")
        survey.comment = rng.choice((TROUBLE if is_low else PRAISE)[chinese])


def _answer_questions(survey: Survey, asked: Questions, rng: Random) -> None:
    while question := asked.next_question(survey.answers):
        codes = [code for code, _label in question.options]
        weights = (
            range(1, 1 + len(codes)) if question.kind == QuestionKind.SCALE else [3, *[1] * len(codes)][: len(codes)]
        )
        answer = rng.choices(codes, weights)[0] if codes else None
        survey.answers[question.code] = [answer] if question.kind == QuestionKind.MULTIPLE else answer


def _made(ticket: Ticket, plan: VisitPlan, now: datetime, rng: Random) -> Visit:
    assert ticket.solved_at is not None
    due_from = ticket.solved_at + timedelta(hours=plan.after_hours)
    due_by = due_from + timedelta(hours=plan.window_hours)
    visit = Visit(
        ticket=ticket,
        plan=plan,
        round=ticket.reopened_count,
        account_id=ticket.account_id,
        contact_id=ticket.contact_id,
        method=plan.method,
        theme=plan.theme,
        team=ticket.queue.team,
        assignee=ticket.assignee,
        due_from=due_from,
        due_by=due_by,
        created_at=ticket.solved_at,
    )
    if due_by < now:
        chinese = (ticket.contact.language if ticket.contact else "").startswith("zh")
        visit.progress, visit.ended_at = Visit.Progress.COMPLETED, due_from + timedelta(hours=rng.randint(1, 40))
        visit.ended_by = ticket.assignee
        visit.result = rng.choices(Visit.Result.values, (60, 22, 8, 10))[0]
        visit.content = rng.choice(SAID[chinese])
        visit.objections = rng.choice(OBJECTIONS[chinese]) if rng.random() < 0.3 else ""
    return visit


def _waiting(agent: User, now: datetime) -> Iterable[Visit]:
    """One that is late, one that soon will be, and some for the days to come, with customers of the agent's own."""
    rows = Ticket.objects.filter(assignee=agent, contact__isnull=False, is_demo=True).order_by("-opened_at", "pk")
    tickets = list(rows.select_related("queue__team").defer("search")[: len(OPEN_VISITS)])
    theme, method = VisitTheme.objects.get(code="service-quality"), VisitMethod.objects.get(code="phone")
    plan = VisitPlan.objects.get(code="complaint")
    for ticket, left in zip(tickets, OPEN_VISITS, strict=False):
        due_by = now + left
        yield Visit(
            account_id=ticket.account_id,
            contact_id=ticket.contact_id,
            method=method,
            theme=theme,
            script=plan.script,
            script_zh=plan.script_zh,
            questionnaire=plan.questionnaire.in_use if plan.questionnaire else None,
            team=ticket.queue.team,
            assignee=agent,
            progress=Visit.Progress.MISSED if due_by < now else Visit.Progress.PLANNED,
            missed_at=due_by if due_by < now else None,
            due_from=due_by - timedelta(hours=24),
            due_by=due_by,
            created_at=now - timedelta(days=3),
        )
