"""The address to which any exchange reports its calls."""

import json
from collections.abc import Mapping

from django.http import HttpRequest, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from crmcore.actions.people import token_digest
from telephony.actions.fold import fold
from telephony.actions.lines import note_use
from telephony.providers.cti.dialect import BadEvent, CtiEvent, signals_of
from telephony.queries.exchanges import agent_named, exchange_of, queue_named

LONGEST_BODY = 20_000


@csrf_exempt
@require_POST
def events(request: HttpRequest, token: str) -> JsonResponse:
    """Take one event, as a form or as JSON. An unknown token gets 404, a bad event 400; neither leaves a row."""
    exchange = exchange_of(token_digest(token))
    if exchange is None:
        return JsonResponse({"error": "unknown token"}, status=404)
    try:
        event = CtiEvent.read(_fields(request))
    except BadEvent as error:
        return JsonResponse({"error": str(error)}, status=400)
    queue_id = queue_named(event.queue) or exchange.queue_id
    for signal in signals_of(event, agent_named, queue_id):
        fold(signal)
    note_use(exchange)
    return JsonResponse({})


def _fields(request: HttpRequest) -> Mapping[str, object]:
    if len(request.body) > LONGEST_BODY:
        raise BadEvent("the event is too long")
    if request.content_type != "application/json":
        fields: dict[str, object] = {key: request.POST[key] for key in request.POST}
        if names := request.POST.getlist("user[]") or request.POST.getlist("user"):
            fields["user"] = names
        return fields
    try:
        data = json.loads(request.body)
    except ValueError as error:
        raise BadEvent("the body is not JSON") from error
    if not isinstance(data, dict):
        raise BadEvent("the body is not an object")
    return data
