"""The report on stages: its page, its file, and the tickets behind each figure."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from servicedesk.csv_files import csv_file
from servicedesk.supervisor.report_views import asked, file_name, show, wants_file
from tickets.models import StageVisit
from tickets.queries.keyset import Order, page_of
from tickets.queries.stage_figures import Ended, Standing, TypeFigures, narrowed, stage_figures, visits_for

WHICH: dict[str, Promise] = {
    "all": gettext_lazy("All running tickets"),
    "overdue": gettext_lazy("Overdue"),
    "escalated": pgettext_lazy("tickets", "Handed up"),
}
PARTS = ("stage", "category", "tier")


@dataclass(frozen=True)
class Table:
    """One table of running tickets; `part` is by what they are told apart."""

    part: str
    heading: Promise
    column: Promise
    rows: list[Standing]

    @property
    def most(self) -> int:
        """The longest bar."""
        return max((row.tickets for row in self.rows), default=0)


@login_required
@require_GET
def stages(request: HttpRequest) -> HttpResponse:
    """What stands at which stage now, and how long the stages took that ended in the period."""
    user, question = asked(request)
    found = stage_figures(user, question.asked_queues, question.period.start, question.period.end)
    if wants_file(request, user, question):
        return _sheet(found, file_name("stages", question))
    return show(request, user, question, "stages", types=[(one, _tables(one)) for one in found])


@login_required
@require_GET
def stage_tickets(request: HttpRequest) -> HttpResponse:
    """The tickets behind one figure: `?type=3&part=stage&code=handling&which=overdue`."""
    user, question = asked(request)
    get = request.GET
    kind, part, which = get.get("type", ""), get.get("part", ""), get.get("which", "all")
    if not kind.isdecimal() or len(kind) > 9 or part not in PARTS or which not in WHICH:
        raise Http404
    visits = narrowed(visits_for(user, question.asked_queues), int(kind), part, get.get("code", ""), which)
    shown = visits.select_related("ticket__assignee", "ticket__type", "team", "version").defer("ticket__search")
    page = page_of(shown, Order("entered_at", ascending=True), get.get("at", ""))
    context = {
        "page": page,
        "rows": [(visit, _stage_label(visit)) for visit in page.rows],
        "which": WHICH[which],
        "asked": _kept(request),
    }
    return render(request, "servicedesk/supervisor/stage_tickets.html", context)


def _kept(request: HttpRequest) -> str:
    """What the address says apart from the place in the list."""
    copied = request.GET.copy()
    copied.pop("at", None)
    return copied.urlencode()


def _stage_label(visit: StageVisit) -> str:
    stage = visit.version.read().stage(visit.stage)
    return stage.label if stage else visit.stage


def _tables(figures: TypeFigures) -> list[Table]:
    tables = [
        Table("stage", gettext_lazy("By stage"), gettext_lazy("Stage"), figures.stages),
        Table("category", gettext_lazy("By category"), gettext_lazy("Category"), figures.categories),
        Table("tier", gettext_lazy("By tier"), gettext_lazy("Tier"), figures.tiers),
    ]
    return [table for table in tables if table.rows]


def _sheet(found: Iterable[TypeFigures], name: str) -> HttpResponse:
    """Every table of the page below the other as CSV; times are seconds, shares run from 0 to 1."""
    head = [
        *(_("Type"), _("Table"), _("Row"), _("Tickets"), _("Overdue"), pgettext("tickets", "Handed up")),
        *(_("Stages done"), _("Median"), _("90th percentile"), _("Within the limit")),
    ]
    cells: list[list[object]] = []
    for one in found:
        for table in _tables(one):
            cells += [
                [one.type.label, str(table.column), row.label, row.tickets, row.overdue, row.escalated, *[None] * 4]
                for row in table.rows
            ]
        cells += [
            [one.type.label, _("Time per stage"), row.label, *[None] * 3, row.visits, *_times(row)] for row in one.ended
        ]
    return csv_file(name, head, cells)


def _times(row: Ended) -> list[object]:
    seconds = [None if one is None else round(one.total_seconds()) for one in (row.median, row.p90)]
    return [*seconds, None if row.in_time is None else round(row.in_time, 4)]
