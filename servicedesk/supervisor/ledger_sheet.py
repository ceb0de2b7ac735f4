"""The ledger of SLA clocks as a file: every stretch and event, each line sealed with the one before it."""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from crmcore import clock
from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import require
from servicedesk.csv_files import csv_file
from tickets.models import SlaClock, Ticket
from tickets.queries.ledger import Book, with_ledger

USUAL_DAYS = 31
# Machine-readable names: whoever disputes a penalty compares files, not languages.
HEAD = ("ticket", "metric", "instance", "line", "what", "from", "until", "step", "detail", "seal")

Line = tuple[str, str, str, str, int, str]


@login_required
@require_GET
def ledger(request: HttpRequest) -> HttpResponse:
    """`?ticket=KW-1`, or `?first=2026-01-01&last=2026-01-31`: clocks that began then, on the reader's clock."""
    user = request.user
    assert isinstance(user, User)
    require(user, "ticket", "export")
    tickets = Ticket.objects.visible_to(user, "export")
    number = request.GET.get("ticket", "")
    clocks = SlaClock.objects.filter(ticket__in=tickets.filter(number=number) if number else tickets)
    if not number:
        first, last = _days(request)
        clocks = clocks.filter(started_at__gte=first, started_at__lt=last)
    detail = {"ticket": number} if number else {"first": first.isoformat(), "last": last.isoformat()}
    audit.record("sla_ledger.exported", user, by=user, detail=detail)
    return csv_file(f"sla-ledger-{number or first.date()}", HEAD, _sealed(clocks))


def _days(request: HttpRequest) -> tuple[datetime, datetime]:
    """Midnights around the days asked for, the last month without them."""
    today = timezone.localtime(clock.now()).date()
    last = parse_date(request.GET.get("last", "")) or today
    first = parse_date(request.GET.get("first", "")) or last - timedelta(days=USUAL_DAYS)
    zone = timezone.get_current_timezone()
    midnight = datetime.min.time()
    return datetime.combine(first, midnight, zone), datetime.combine(last + timedelta(days=1), midnight, zone)


def _sealed(clocks: QuerySet[SlaClock]) -> Iterator[tuple[object, ...]]:
    """The lines in their order; a seal is the digest of the line and of the seal before it."""
    seal = ""
    for stored in with_ledger(clocks.select_related("ticket")).order_by("ticket__number", "pk").iterator(500):
        for line in _lines(Book.of(stored)):
            cells = (stored.ticket.number, stored.metric, stored.instance, *line)
            seal = hashlib.sha256("\x1f".join([seal, *map(str, cells)]).encode()).hexdigest()
            yield (*cells, seal)


def _lines(book: Book) -> Iterator[Line]:
    for segment in book.segments:
        until = segment.ended_at.isoformat() if segment.ended_at else ""
        yield "segment", segment.category, segment.started_at.isoformat(), until, 0, segment.cause
    for event in book.events:
        detail = json.dumps(event.detail, sort_keys=True, ensure_ascii=False) if event.detail else ""
        yield "event", event.kind, event.occurred_at.isoformat(), event.processed_at.isoformat(), event.step, detail
