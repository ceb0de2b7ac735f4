"""The echo by which the desk finds out whether signatures survive the way to it."""

from django.http import HttpRequest, JsonResponse

from telephony.providers.twilio.webhooks import Webhook
from telephony.views.twilio_doors import signed


@signed
def echo(request: HttpRequest, hook: Webhook) -> JsonResponse:
    return JsonResponse({"nonce": hook["nonce"]})
