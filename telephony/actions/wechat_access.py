"""Access tokens of WeChat accounts: one for all processes, asked for by one at a time, and anew only where refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import transaction

from crmcore.clock import now
from telephony.models import WechatAccess, WechatAccount
from telephony.providers.base import CarrierBusy, CarrierError
from telephony.providers.wechat.faults import ApiFault, TokenRefused
from telephony.providers.wechat.rest import Api
from tickets.sealed_text import CannotOpen

T = TypeVar("T")
_EARLY = timedelta(seconds=120)
# The platform takes no notice of a second wish for another token within half a minute, and of twenty a day.
_FORCED_APART = timedelta(minutes=10)


def api() -> Api:
    """The platform as it is set up."""
    return Api(settings.WECHAT_API_BASE_URL)


def with_token(account: WechatAccount, ask: Callable[[Api, str], T]) -> T:
    """Ask the platform with the account's token; one that was refused is replaced once.

    Raises what `ask` raises; CarrierBusy where no token can be had.
    """
    token = access_token(account)
    try:
        return ask(api(), token)
    except TokenRefused:
        return ask(api(), access_token(account, refused=token))


def access_token(account: WechatAccount, *, refused: str = "") -> str:
    """A token that lasts. Raises CarrierBusy: a token is asked for before anything is sent."""
    try:
        token = _token(account, refused)
    except ApiFault as fault:
        _note(account, str(fault))
        raise CarrierBusy(f"the platform gives no token: {fault}") from fault
    except CannotOpen as error:
        _note(account, "the desk's key has changed: enter the secrets again")
        raise CarrierBusy("the desk's key has changed") from error
    except CarrierError as error:
        raise CarrierBusy(str(error)) from error
    return token


@transaction.atomic
def _token(account: WechatAccount, refused: str) -> str:
    """The row is locked while the platform is asked, so that others wait for the answer instead of asking too."""
    WechatAccess.objects.get_or_create(account=account)
    access = WechatAccess.objects.select_for_update(of=("self",)).get(account=account)
    known = access.opened()
    if known and known != refused and access.until and now() + _EARLY < access.until:
        return known
    secret = account.opened("secret")
    fresh = api().token(account.app_id, secret, anew=False)
    may_force = access.forced_at is None or access.forced_at + _FORCED_APART < now()
    if fresh.text == refused and may_force:
        fresh, access.forced_at = api().token(account.app_id, secret, anew=True), now()
    access.keep(fresh.text)
    access.until, access.fault = now() + timedelta(seconds=fresh.lasts_s), ""
    access.save()
    return fresh.text


def _note(account: WechatAccount, fault: str) -> None:
    WechatAccess.objects.filter(account=account).update(fault=fault[:300])
    WechatAccess.objects.get_or_create(account=account, defaults={"fault": fault[:300]})
