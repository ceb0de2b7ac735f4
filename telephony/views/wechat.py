"""The door of WeChat's platform: only what it signed just now comes in, and it is answered within its five seconds."""

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from crmcore import clock
from telephony.actions.followers import take_following
from telephony.actions.text_inbox import take_text
from telephony.actions.wechat_accounts import note_heard
from telephony.models import WechatAccount
from telephony.providers.message_channel import Following, InboundMessage
from telephony.providers.wechat.envelope import BadEnvelope, unseal
from telephony.providers.wechat.hooks import read_hook
from telephony.providers.wechat.markup import BadMarkup, fields_of
from telephony.providers.wechat.signature import is_fresh, is_genuine
from tickets.sealed_text import CannotOpen

log = structlog.get_logger(__name__)

TAKEN = "success"
_LONGEST_ECHO = 128


@csrf_exempt
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, app_id: str) -> HttpResponse:
    """GET proves that this is our address; POST brings a message or an event. Anything unsigned gets 403."""
    account = WechatAccount.objects.filter(app_id=app_id, is_active=True, is_demo=False).first()
    try:
        if account is None or not _is_signed(request, account.opened("token")):
            return _refused(app_id, "signature")
        if request.method == "GET":
            note_heard(account, clock.now())
            return _plain(request.GET.get("echostr", "")[:_LONGEST_ECHO])
        told = _told(request, account)
    except (BadEnvelope, CannotOpen) as error:
        return _refused(app_id, str(error))
    except BadMarkup as error:
        log.warning("telephony.wechat_unreadable", app_id=app_id, reason=str(error))
        return _plain("", status=400)
    note_heard(account, clock.now())
    if isinstance(told, InboundMessage):
        take_text(told, now=clock.now())
    elif isinstance(told, Following):
        take_following(told, now=clock.now())
    # Answers go out as messages of their own; this only ends the platform's retries.
    return _plain(TAKEN)


def _is_signed(request: HttpRequest, token: str) -> bool:
    query = request.GET
    timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
    is_ours = is_genuine(query.get("signature", ""), token, timestamp, nonce)
    return is_ours and is_fresh(timestamp, clock.now())


def _told(request: HttpRequest, account: WechatAccount) -> InboundMessage | Following | None:
    """What the body says. Raises BadMarkup, BadEnvelope, CannotOpen."""
    fields = fields_of(request.body)
    if account.mode == WechatAccount.Mode.SAFE:
        fields = fields_of(_opened(request, account, fields.get("Encrypt", "")))
    return read_hook(fields, account.app_id)


def _opened(request: HttpRequest, account: WechatAccount, sealed: str) -> bytes:
    """The message inside the envelope. In safe mode nothing else counts, whatever stands beside it."""
    query = request.GET
    parts = (account.opened("token"), query.get("timestamp", ""), query.get("nonce", ""), sealed)
    if not sealed or not is_genuine(query.get("msg_signature", ""), *parts):
        raise BadEnvelope("the message is not sealed, or its seal is not signed")
    return unseal(sealed, encoding_key=account.opened("key"), app_id=account.app_id)


def _refused(app_id: str, reason: str) -> HttpResponse:
    log.warning("telephony.wechat_refused", app_id=app_id, reason=reason)
    return _plain("", status=403)


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
