"""The door of the carrier's webhooks: only what it signed comes in."""

import json
from collections.abc import Callable, Mapping
from functools import wraps

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from telephony.providers.twilio.account import Account
from telephony.providers.twilio.payloads import complaint
from telephony.providers.twilio.signature import SignedRequest
from telephony.providers.twilio.webhooks import Webhook

log = structlog.get_logger(__name__)

WebhookView = Callable[[HttpRequest, Webhook], HttpResponse]
FORM = "application/x-www-form-urlencoded"


def signed(view: WebhookView) -> Callable[[HttpRequest], HttpResponse]:
    """Let a webhook in whose signature is good; anything else gets 403 and leaves no trace but a line in the log."""

    @csrf_exempt
    @require_POST
    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        account = Account.configured()
        if not account.takes_webhooks or not _signed(request, account).is_genuine(account.secrets):
            log.warning("telephony.webhook_refused", path=request.path, configured=account.takes_webhooks)
            return HttpResponse(status=403, content_type="text/plain")
        fields = _fields(request)
        if fields is None:
            return HttpResponse(status=400, content_type="text/plain")
        if field := complaint(request.path, fields):
            log.warning("telephony.webhook_malformed", path=request.path, field=field)
            return HttpResponse(f"bad field: {field}", status=400, content_type="text/plain; charset=utf-8")
        return view(request, Webhook(request.path, fields, request.headers.get("I-Twilio-Idempotency-Token", "")))

    return guarded


def document(markup: str) -> HttpResponse:
    """Instructions for the carrier."""
    return HttpResponse(markup, content_type="text/xml; charset=utf-8")


def _signed(request: HttpRequest, account: Account) -> SignedRequest:
    """The address is built from the one we are known by: behind a proxy the request itself does not know it."""
    query = request.META.get("QUERY_STRING", "")
    return SignedRequest(
        url=f"{account.public_base_url}{request.path}{'?' if query else ''}{query}",
        signature=request.headers.get("X-Twilio-Signature", ""),
        signature_settings=request.headers.get("X-Twilio-Webhooks-Signature-Settings", ""),
        form=request.POST if request.content_type == FORM else None,
        body=request.body,
    )


def _fields(request: HttpRequest) -> Mapping[str, str] | None:
    if request.content_type == FORM:
        return {key: request.POST[key] for key in request.POST}
    try:
        data = json.loads(request.body)
    except ValueError:
        return None
    return {str(key): str(value) for key, value in data.items()} if isinstance(data, dict) else None
