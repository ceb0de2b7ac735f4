"""The event inspector: what an exchange reported lately, and what became of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from servicedesk.setup.access import opens_with
from telephony.actions.exchange_reports import replay
from telephony.models import CtiToken, ExchangeReport, Verdict
from telephony.queries.exchanges import SHOWN, recent_reports

PAGE = "setup:exchanges"
LOOKS = {
    Verdict.ACCEPTED: ("ready", "icon:circle-check"),
    Verdict.DUPLICATE: ("away", "icon:repeat"),
    Verdict.RECEIVED: ("away", "icon:progress"),
    Verdict.UNKNOWN_AGENT: ("hold", "icon:user-question"),
    Verdict.UNKNOWN_CALL: ("hold", "icon:phone-x"),
    Verdict.BAD_FIELD: ("breach", "icon:alert-circle"),
    Verdict.FAULT: ("breach", "icon:alert-triangle"),
}


@opens_with(PAGE)
@require_GET
def reports(request: HttpRequest, exchange_id: int) -> HttpResponse:
    """The newest reports, or those with one verdict."""
    verdict = request.GET.get("verdict", "")
    exchange = get_object_or_404(CtiToken, pk=exchange_id)
    chosen = verdict if verdict in Verdict.values else ""
    rows = [(report, *LOOKS[Verdict(report.verdict)]) for report in recent_reports(exchange, chosen)]
    context = {"exchange": exchange, "rows": rows, "verdicts": Verdict, "chosen": chosen, "most": SHOWN}
    return render(request, "servicedesk/setup/exchange_reports.html", context)


@opens_with(PAGE)
@require_POST
def replay_report(request: HttpRequest, exchange_id: int, report_id: int) -> HttpResponse:
    """Take one report in again and say what becomes of it now."""
    report = get_object_or_404(ExchangeReport, pk=report_id, exchange=exchange_id)
    again = replay(report)
    verdict = Verdict(again.verdict).label
    messages.info(request, _("Replayed: %(verdict)s %(detail)s") % {"verdict": verdict, "detail": again.detail})
    return redirect(reverse("setup:exchange_reports", args=[exchange_id]))
