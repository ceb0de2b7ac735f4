"""The report on satisfaction, the answers behind it, and both as files."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from crmcore import clock
from crmcore.models import User
from crmcore.permissions import may
from servicedesk.csv_files import csv_file
from servicedesk.supervisor.figures import Question, ask
from servicedesk.supervisor.periods import presets, today_of
from servicedesk.supervisor.report_views import asked, file_name, wants_file
from servicedesk.supervisor.satisfaction import (
    HEADINGS,
    Satisfaction,
    answer_page,
    figure_text,
    measure_of,
    satisfaction_of,
)
from tickets.models import Measure

USUAL_DAYS = 30


@login_required
@require_GET
def satisfaction(request: HttpRequest) -> HttpResponse:
    """`?measure=csat|nps|effort`, else as all reports; without a period the last thirty days."""
    user, question = _asked(request)
    measure = measure_of(request.GET.dict())
    report = satisfaction_of(user, question, measure)
    if wants_file(request, user, question):
        return _sheet(report, file_name("satisfaction", question))
    return render(request, "servicedesk/supervisor/report_satisfaction.html", _context(user, question, report))


@login_required
@require_GET
def answers(request: HttpRequest) -> HttpResponse:
    """The single answers, narrowed by `agent`, `team`, `type`, `customer`, `score` or to those with `words`."""
    user, question = _asked(request)
    measure = measure_of(request.GET.dict())
    page, narrowed = answer_page(user, question, measure, request.GET.dict())
    context = {
        "question": question,
        "measure": measure,
        "page": page,
        "narrowed": narrowed,
        "here": _query(question, measure, narrowed),
        "back": _query(question, measure, []),
        "tab": "satisfaction",
    }
    return render(request, "servicedesk/supervisor/satisfaction_answers.html", context)


def _asked(request: HttpRequest) -> tuple[User, Question]:
    user, question = asked(request)
    if "first" in request.GET:
        return user, question
    last = today_of(clock.now())
    first = presets(last)[3].first
    return user, ask(user, request.GET.dict() | {"first": str(first), "last": str(last)}, clock.now())


def _context(user: User, question: Question, report: Satisfaction) -> dict[str, object]:
    return {
        "question": question,
        "presets": presets(today_of(clock.now())),
        "may_export": may(user, "report", "export"),
        "may_leads": may(user, "lead", "view"),
        "tab": "satisfaction",
        "report": report,
        "measures": Measure,
        "figure": figure_text(report.whole),
        "intervals": [(label, scores, figure_text(scores)) for label, scores in report.intervals],
        "groups": [
            (group, [(name, key, scores, figure_text(scores)) for name, key, scores in group.rows])
            for group in report.groups
        ],
        "scores": [(score, report.whole.counts.get(score, 0)) for score in reversed(report.measure.scale)],
        "query": _query(question, report.measure, []),
    }


def _query(question: Question, measure: Measure, narrowed: list[tuple[str, str]]) -> str:
    """The address part that asks the same again."""
    period, queue = question.period, question.chosen.code if question.chosen else ""
    facts = [("first", str(period.first)), ("last", str(period.last)), ("queue", queue), ("measure", measure.value)]
    return urlencode([*facts, *narrowed])


def _sheet(report: Satisfaction, name: str) -> HttpResponse:
    """Intervals and rankings below each other; shares run from 0 to 1."""
    answers_, good = pgettext("satisfaction", "Answers"), pgettext("satisfaction", "Good")
    between, low = pgettext("satisfaction", "Between"), pgettext("satisfaction", "Low")
    head = [_("Table"), _("Row"), answers_, good, between, low, report.measure.label]
    tables = [(_("Interval"), report.intervals)]
    tables += [
        (str(HEADINGS[group.code]), [(row, scores) for row, _key, scores in group.rows]) for group in report.groups
    ]
    rows = (
        [table, label, scores.answers, scores.good, scores.between, scores.low, scores.figure]
        for table, lines in tables
        for label, scores in lines
    )
    return csv_file(name, head, rows)
