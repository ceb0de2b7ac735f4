"""The carrier brings customers' messages, and tells how far ours have come."""

import uuid

from django.http import HttpRequest, HttpResponse

from crmcore import clock
from telephony.actions.text_inbox import take_text
from telephony.actions.text_outbox import take_report
from telephony.providers.twilio.texts import incoming_text, text_report
from telephony.providers.twilio.webhooks import Webhook
from telephony.queries.texting import text_called
from telephony.views.twilio_doors import document, signed

SILENCE = "<Response/>"


@signed
def text(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """A customer wrote; what is answered, if anything, goes out as a message of its own."""
    take_text(incoming_text(hook), now=clock.now())
    return document(SILENCE)


@signed
def text_status(request: HttpRequest, hook: Webhook) -> HttpResponse:
    """How far a message of ours has come. The address names it: its SID may not be in our rows yet."""
    report, text_id = text_report(hook), _message_in(request)
    if report is not None and text_id is not None:
        take_report(text_id, report, now=clock.now())
    return HttpResponse(status=204)


def _message_in(request: HttpRequest) -> int | None:
    try:
        return text_called(uuid.UUID(request.GET.get("text", "")))
    except ValueError:
        return None
