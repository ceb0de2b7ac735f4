"""The report on causes: what complaints came from, how they are prevented, what customers suggest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from servicedesk.csv_files import csv_file
from servicedesk.supervisor.report_views import asked, file_name, show, wants_file
from servicedesk.templatetags.ui import day
from tickets.models import Ticket
from tickets.queries.causes import (
    CATEGORY,
    CAUSE,
    PARTY,
    PREVENTION,
    causes_of,
    labels_of,
    opened_between,
    suggestions,
    with_cause,
)
from tickets.queries.keyset import Order, page_of

CHOICES = (CAUSE, CATEGORY, PARTY)


@dataclass(frozen=True)
class Told:
    """A ticket with its cause, category and responsible party in words, and what keeps it from coming again."""

    ticket: Ticket
    cause: str
    category: str
    party: str
    prevention: str

    @property
    def words(self) -> list[str]:
        return [self.cause, self.category, self.party, self.prevention]


@login_required
@require_GET
def causes(request: HttpRequest) -> HttpResponse:
    """Causes of the tickets opened in the period and their prevention; `?cause=design`, `?show=suggestions`."""
    user, question = asked(request)
    opened = opened_between(user, question.asked_queues, question.period.start, question.period.end)
    labels = labels_of(*CHOICES)
    known = labels.get(CAUSE, {})
    cause = request.GET.get("cause", "")
    wished = request.GET.get("show") == "suggestions"
    rows = suggestions(opened) if wished else with_cause(opened, [cause] if cause in known else list(known))
    rows = rows.select_related("contact", "account").defer("search")
    if wants_file(request, user, question):
        return _sheet(_told(rows.order_by("opened_at", "pk").iterator(), labels), file_name("causes", question))
    page = page_of(rows, Order("opened_at"), request.GET.get("at", ""))
    context = {
        "causes": [] if wished else causes_of(opened, known),
        "cause": known.get(cause, "") and cause,
        "wished": wished,
        "page": page,
        "rows": list(_told(page.rows, labels)),
        "asked": _asked(request),
        "period": _asked(request, "cause", "show"),
    }
    return show(request, user, question, "causes", **context)


def _told(tickets: Iterable[Ticket], labels: dict[str, dict[str, str]]) -> Iterator[Told]:
    for ticket in tickets:
        cause, category, party = (labels.get(code, {}).get(ticket.fields.get(code, ""), "") for code in CHOICES)
        yield Told(ticket, cause, category, party, str(ticket.fields.get(PREVENTION, "")))


def _asked(request: HttpRequest, *without: str) -> str:
    """What the address says apart from the place in the list."""
    copied = request.GET.copy()
    for name in ("at", "format", *without):
        copied.pop(name, None)
    return copied.urlencode()


def _sheet(rows: Iterable[Told], name: str) -> HttpResponse:
    head = (_("Ticket"), _("Opened"), _("Subject"), _("Cause"), _("Category"), _("Responsible"), _("Prevention"))
    cells = ([row.ticket.number, day(row.ticket.opened_at), row.ticket.subject, *row.words] for row in rows)
    return csv_file(name, head, cells)
