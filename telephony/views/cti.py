"""The address to which any exchange reports its calls."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from crmcore.actions.people import token_digest
from telephony.actions.exchange_reports import LONGEST_BODY, take_report
from telephony.models import Verdict
from telephony.queries.exchanges import exchange_of
from telephony.views.doors import problem


@csrf_exempt
@require_POST
def events(request: HttpRequest, token: str) -> HttpResponse:
    """Take one event, as a form or as JSON. An unknown token gets 404 and leaves no row, a bad event 400."""
    exchange = exchange_of(token_digest(token))
    if exchange is None:
        return problem(404, "This address is not known, or was revoked.", error="unknown token")
    report = take_report(exchange, *_content(request))
    if report.verdict == Verdict.BAD_FIELD:
        return problem(400, "The event cannot be understood.", error=report.detail, report=report.pk)
    return JsonResponse({"verdict": report.verdict, "report": report.pk})


def _content(request: HttpRequest) -> tuple[str, str]:
    """Body and type; a form in parts is kept like any other form."""
    if request.content_type == "multipart/form-data":
        return request.POST.urlencode(), "application/x-www-form-urlencoded"
    # A little more than is allowed is enough to see that it is too long.
    return request.read(4 * LONGEST_BODY + 4).decode("utf-8", "replace"), request.content_type or ""
