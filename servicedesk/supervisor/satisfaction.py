"""Satisfaction as its report shows it: the figure with its formula, over time, ranked, down to each answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db.models import QuerySet
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore.models import User
from servicedesk.supervisor.chart import Chart, Column, draw
from servicedesk.supervisor.figures import Question, label_of
from servicedesk.supervisor.periods import Period
from tickets.models import Measure, Survey
from tickets.queries.keyset import Order, Page, page_of
from tickets.queries.survey_figures import GROUPS, Asked, answers_in, asked_in, by_day, by_group
from tickets.queries.survey_questions import QuestionFigures, by_question
from tickets.satisfaction import Scores, whole

HEADINGS: dict[str, Promise] = {
    "agent": _("By agent"),
    "team": _("By team"),
    "type": _("By type of ticket"),
    "customer": _("By customer"),
}
FORMULAS: dict[str, Promise] = {
    "csat": _("Share of the scores 4 and 5 among all answers."),
    "nps": _("Per cent of 9 and 10 less per cent of 0 to 6; from −100 to 100."),
    "effort": _("Mean of all answers from 1 to 7; 7 is easiest."),
}
LATEST = Order("answered_at")
SHOWN = 8


@dataclass(frozen=True)
class Group:
    """One table: its rows are a name, the key that leads to its answers, and its scores."""

    code: str
    heading: Promise
    rows: list[tuple[str, str, Scores]]


@dataclass(frozen=True)
class Satisfaction:
    measure: Measure
    whole: Scores
    asked: Asked
    intervals: list[tuple[str, Scores]]
    chart: Chart
    groups: list[Group]
    questions: list[QuestionFigures]
    comments: list[Survey]

    @property
    def formula(self) -> Promise:
        return FORMULAS[self.measure]


def measure_of(data: Mapping[str, str]) -> Measure:
    """The measure that was asked for, satisfaction where none was."""
    code = data.get("measure", "")
    return Measure(code) if code in Measure.values else Measure.CSAT


def satisfaction_of(user: User, question: Question, measure: Measure) -> Satisfaction:
    """The report of one measure."""
    period = question.period
    span = (question.asked_queues, period.start, period.end)
    answers = answers_in(user, measure, *span)
    intervals = _intervals(answers, measure, period)
    columns = [
        Column(label, scores.good / scores.answers if scores.answers else None, _parts(scores))
        for label, scores in intervals
    ]
    return Satisfaction(
        measure=measure,
        whole=whole(measure, (scores for _label, scores in intervals)),
        asked=asked_in(user, measure, *span),
        intervals=intervals,
        chart=draw(columns, target=None),
        groups=[_group(answers, measure, code) for code in GROUPS],
        questions=by_question(answers),
        comments=list(_shown(answers.exclude(comment=""))[:SHOWN]),
    )


def answer_page(
    user: User, question: Question, measure: Measure, data: Mapping[str, str]
) -> tuple[Page[Survey], list[tuple[str, str]]]:
    """The single answers behind a figure, latest first, and what they were narrowed to: names and values."""
    period = question.period
    answers = answers_in(user, measure, question.asked_queues, period.start, period.end)
    narrowed = []
    for code, (path, _model) in GROUPS.items():
        if (key := data.get(code, "")) == "none":
            answers = answers.filter(**{f"{path}__isnull": True})
            narrowed.append((code, key))
        elif key.isdecimal() and len(key) < 19:
            answers = answers.filter(**{path: int(key)})
            narrowed.append((code, key))
    if (score := data.get("score", "")).isdecimal() and len(score) < 3:
        answers = answers.filter(score=int(score))
        narrowed.append(("score", score))
    if data.get("words"):
        answers = answers.exclude(comment="")
        narrowed.append(("words", "1"))
    return page_of(_shown(answers), LATEST, data.get("at", "")), narrowed


def figure_text(scores: Scores) -> str:
    """The measure's figure as it is written: 87 %, +34, 5.8."""
    if scores.figure is None:
        return "–"
    if scores.measure == Measure.CSAT:
        return f"{scores.figure:.0%}"
    if scores.measure == Measure.NPS:
        return f"{round(scores.figure):+d}" if round(scores.figure) else "0"
    return formats.number_format(scores.figure, 1)


def _shown(answers: QuerySet[Survey]) -> QuerySet[Survey]:
    related = answers.select_related("ticket", "contact", "account", "agent").defer("ticket__search")
    return related.order_by("-answered_at", "-pk")


def _intervals(answers: QuerySet[Survey], measure: Measure, period: Period) -> list[tuple[str, Scores]]:
    """The steps of the period from the first with answers to the last; those between without answers included."""
    steps: list[tuple[datetime, Scores]] = []
    start = period.start
    days = by_day(answers, measure, period.zone)
    while start < period.end and days:
        until = period.following(start)
        part = [scores for day, scores in days if start <= datetime.combine(day, time(), period.zone) < until]
        steps.append((start, whole(measure, part)))
        start = until
    while steps and not steps[0][1].answers:
        steps.pop(0)
    while steps and not steps[-1][1].answers:
        steps.pop()
    return [(label_of(moment, period), scores) for moment, scores in steps]


def _group(answers: QuerySet[Survey], measure: Measure, code: str) -> Group:
    rows = by_group(answers, measure, code)
    return Group(code, HEADINGS[code], [(_name(one), str(one.pk) if one else "none", found) for one, found in rows])


def _name(one: Any) -> str:
    return str(_("Nobody")) if one is None else getattr(one, "label", "") or str(one)


def _parts(scores: Scores) -> list[int]:
    return [scores.good, scores.between, scores.low]
