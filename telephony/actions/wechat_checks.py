"""Whether a WeChat account works: we get in at the platform, and it finds our door."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from crmcore.findings import Finding, Level
from telephony.actions.wechat_access import access_token
from telephony.models import WechatAccount
from telephony.providers.base import CarrierBusy

_PORTS = (None, 80, 443)


def check_account(account: WechatAccount) -> Iterator[Finding]:
    """A line for each way; it asks the platform and takes some seconds."""
    if account.is_demo:
        yield Finding(account.app_id, _("Practice: nothing is sent or received"))
        return
    yield _way_out(account)
    yield _address()
    yield _way_in(account)


def _way_out(account: WechatAccount) -> Finding:
    subject = _("Sending")
    try:
        access_token(account)
    except CarrierBusy as error:
        remedy = _("Check AppID and AppSecret, and that this server's address is on the platform's IP allowlist.")
        return Finding(subject, str(error), Level.FAULT, remedy)
    return Finding(subject, _("The platform lets us in"))


def _address() -> Finding:
    subject = _("Address")
    parts = urlsplit(settings.PUBLIC_BASE_URL)
    if not parts.hostname or parts.port not in _PORTS:
        remedy = _("Set PUBLIC_BASE_URL to an address on port 80 or 443: the platform calls no others.")
        return Finding(subject, _("This desk has no public address"), Level.FAULT, remedy)
    return Finding(subject, settings.PUBLIC_BASE_URL)


def _way_in(account: WechatAccount) -> Finding:
    subject = _("Receiving")
    if account.heard_at is None:
        remedy = _("Enter address, token and key at the platform, press Submit there and then Enable.")
        return Finding(subject, _("The platform has not come to our door yet"), Level.WARNING, remedy)
    at = formats.date_format(timezone.localtime(account.heard_at), "SHORT_DATETIME_FORMAT")
    return Finding(subject, _("The platform last came at %(at)s") % {"at": at})
