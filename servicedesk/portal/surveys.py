"""A survey as its customer sees it: the question, the scale, what they chose."""

from typing import Any

from crmcore import clock
from tickets.models import Measure, Survey, Ticket
from tickets.queries.surveys import choices_of, ends_of, question_of, shown_survey

FACES = ("mood-cry", "mood-sad", "mood-empty", "mood-smile", "mood-happy")


def asked(ticket: Ticket) -> dict[str, Any]:
    """For the request's page: the survey that takes an answer now, other than the stars that it shows anyway."""
    survey = shown_survey(ticket)
    if survey is None or survey.measure == Measure.CSAT or not survey.takes_answer(clock.now()):
        return {}
    return survey_context(survey)


def survey_context(survey: Survey, chosen: int | None = None) -> dict[str, Any]:
    """What the page of a survey shows; `chosen` came with the link and is not sent yet."""
    labels = dict(choices_of(survey))
    faces = dict(zip(survey.scale, FACES, strict=False)) if survey.measure == Measure.CSAT else {}
    return {
        "survey": survey,
        "question": question_of(survey),
        "scale": [(score, labels[score], faces.get(score, "")) for score in survey.scale],
        "ends": ends_of(survey),
        "chosen": survey.score if chosen is None else chosen,
        **next_question(survey),
        "takes_answer": survey.takes_answer(clock.now()),
    }


def next_question(survey: Survey) -> dict[str, Any]:
    """What is asked after the score, and what was answered so far."""
    asked = survey.questionnaire.read() if survey.questionnaire and survey.score is not None else None
    if asked is None:
        return {}
    return {"question_asked": asked.next_question(survey.answers), "given": asked.given(survey.answers)}
