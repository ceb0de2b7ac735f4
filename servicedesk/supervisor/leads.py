"""The stock-taking of leads: what is open, what a period brought by source, person and product, and why leads ended."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from crmcore import clock
from crmcore.models import User
from crmcore.permissions import require
from crmcore.queries.lead_figures import AGES, Part, StockRow, losses, opened_by_step, stock, traffic
from crmcore.queries.reception import RecorderFigures, by_recorder
from servicedesk.csv_files import csv_file
from servicedesk.supervisor.chart import Chart, Column, draw
from servicedesk.supervisor.figures import Question, ask, label_of
from servicedesk.supervisor.periods import Period, presets, today_of
from servicedesk.supervisor.report_views import asked, file_name, show, wants_file

PARTS: dict[str, tuple[Promise, Promise]] = {
    "source": (gettext_lazy("By source"), gettext_lazy("Source")),
    "owner": (gettext_lazy("By person"), gettext_lazy("Person")),
    "product": (gettext_lazy("By product"), gettext_lazy("Product")),
}
COLUMNS = (
    pgettext_lazy("leads", "Opened"),
    gettext_lazy("Walk-ins"),
    gettext_lazy("Calls in"),
    gettext_lazy("Visits"),
    gettext_lazy("Calls out"),
    gettext_lazy("Demonstrations"),
    pgettext_lazy("leads", "Converted"),
    pgettext_lazy("leads", "Lost"),
    pgettext_lazy("leads", "Invalid"),
)
USUAL_PRESET = 3


@login_required
@require_GET
def leads(request: HttpRequest) -> HttpResponse:
    """The leads that the reader may see; without a period the last thirty days."""
    user, question = _asked(request)
    require(user, "lead", "view")
    period = question.period
    parts = {code: traffic(user, period.start, period.end, code) for code in PARTS}
    standing, ended = stock(user, clock.now()), losses(user, period.start, period.end)
    recorders = by_recorder(user, period.start, period.end)
    if wants_file(request, user, question):
        return _sheet(standing, parts, ended, recorders, file_name("leads", question))
    most = max((number for _reason, number in ended), default=0)
    context = {
        "stock": standing,
        "ages": age_labels(),
        "parts": [(code, *PARTS[code], _lines(rows)) for code, rows in parts.items()],
        "columns": COLUMNS,
        "losses": [(reason.label, number, most) for reason, number in ended],
        "recorders": recorders,
        "chart": _chart(user, period),
    }
    return show(request, user, question, "leads", **context)


def age_labels() -> list[str]:
    """The ages of the table, in days since the opening."""
    edges = [0, *AGES]
    spans = [
        _("%(first)s to %(last)s days") % {"first": first, "last": last}
        for first, last in zip(edges, AGES, strict=False)
    ]
    return [*spans, _("older")]


def _asked(request: HttpRequest) -> tuple[User, Question]:
    user, question = asked(request)
    if "first" in request.GET:
        return user, question
    last = today_of(clock.now())
    first = presets(last)[USUAL_PRESET].first
    return user, ask(user, request.GET.dict() | {"first": str(first), "last": str(last)}, clock.now())


def _chart(user: User, period: Period) -> Chart:
    """Converted, lost and still to be decided of what each step brought; the line is the share converted."""
    steps: list[tuple[datetime, datetime]] = []
    start = period.start
    while start < period.end:
        steps.append((start, period.following(start)))
        start = steps[-1][1]
    found = opened_by_step(user, steps)
    columns = [
        Column(label_of(start, period), won / (won + gone) if won + gone else None, [won, opened, gone])
        for (start, _end), (opened, won, gone) in zip(steps, found, strict=True)
    ]
    return draw(columns, target=None)


def _lines(rows: Iterable[Part]) -> list[tuple[str, list[int]]]:
    return [(_name(row), row.traffic.cells()) for row in rows]


def _name(row: Part) -> str:
    return _("Not known") if row.of is None else str(getattr(row.of, "label", "") or row.of)


def _sheet(
    standing: Sequence[StockRow],
    parts: dict[str, list[Part]],
    ended: Sequence[tuple[object, int]],
    recorders: Sequence[RecorderFigures],
    name: str,
) -> HttpResponse:
    """Every table of the page below the other as CSV: table, row, what is counted, how many."""
    stock_table, loss_table, register = _("Open leads by age"), _("Why leads ended"), _("Register by recorder")
    cells: list[list[object]] = []
    for row in standing:
        counts = [*zip(age_labels(), row.by_age, strict=True), (_("Overdue"), row.overdue)]
        cells += [[stock_table, row.grade.label, label, number] for label, number in counts]
    for code, rows in parts.items():
        for label, numbers in _lines(rows):
            columns = zip(COLUMNS, numbers, strict=True)
            cells += [[str(PARTS[code][0]), label, str(column), number] for column, number in columns]
    cells += [[loss_table, str(getattr(reason, "label", reason)), _("Leads"), number] for reason, number in ended]
    for one in recorders:
        counts = [
            (_("Entries"), one.entries),
            (_("Incomplete"), one.incomplete),
            (_("Without source"), one.no_source),
            (_("Suspicious"), one.suspicious),
            (pgettext("reception", "Returned"), one.returned),
        ]
        cells += [[register, str(one.recorder or _("Nobody")), label, number] for label, number in counts]
    return csv_file(name, [_("Table"), _("Row"), _("What is counted"), _("Number")], cells)
