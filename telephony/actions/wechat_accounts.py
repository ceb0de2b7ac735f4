"""WeChat accounts: set up, retired, and heard of."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from crmcore.actions import audit
from crmcore.models import User
from crmcore.permissions import require
from telephony.models import WechatAccess, WechatAccount

_NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def save_account(account: WechatAccount, *, by: User, secrets: Mapping[str, str]) -> None:
    """Store an account; an empty secret keeps the one before. The access token of before is forgotten."""
    require(by, "settings", "edit")
    is_new = account.pk is None
    for field, secret in secrets.items():
        if secret:
            account.keep(field, secret)
    account.save()
    WechatAccess.objects.filter(account=account).update(token_sealed="", until=None, fault="")
    verb = "wechat_account.created" if is_new else "wechat_account.changed"
    audit.record(verb, account, by=by, detail={"to": account.app_id})


@transaction.atomic
def use_account(account: WechatAccount, in_use: bool, *, by: User) -> None:
    """Retire an account, or take it into use again; twice is once."""
    require(by, "settings", "edit")
    if WechatAccount.objects.filter(pk=account.pk).exclude(is_active=in_use).update(is_active=in_use):
        audit.record("wechat_account.restored" if in_use else "wechat_account.retired", account, by=by)


def note_heard(account: WechatAccount, now: datetime) -> None:
    """The platform came to our door; noted once a minute."""
    old = Q(heard_at=None) | Q(heard_at__lte=now - _NOTED_EVERY)
    WechatAccount.objects.filter(old, pk=account.pk).update(heard_at=now)
