"""Exchanges: their tokens, and who sits at which extension."""

import secrets
from datetime import timedelta

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.people import token_digest
from crmcore.models import Queue, User
from telephony.models import CtiToken, Extension

NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue_cti_token(name: str, *, queue: Queue | None, by: User | None, region: str = "") -> str:
    """Let an exchange report calls; the answer is the secret for its webhook address, shown this once."""
    text = secrets.token_urlsafe(24)
    token = CtiToken.objects.create(
        name=name, digest=token_digest(text), queue=queue, region=region, created_at=clock.now()
    )
    audit.record("cti.token_issued", token, by=by)
    return text


@transaction.atomic
def renew_cti_token(exchange: CtiToken, *, by: User) -> str:
    """Give an exchange another secret, shown this once; the one before stops working."""
    text = secrets.token_urlsafe(24)
    CtiToken.objects.filter(pk=exchange.pk).update(digest=token_digest(text), is_active=True)
    audit.record("cti.token_renewed", exchange, by=by)
    return text


@transaction.atomic
def save_exchange(exchange: CtiToken, *, by: User) -> None:
    """Write what an administrator changed about an exchange."""
    exchange.save(update_fields=["name", "queue", "region"])
    audit.record("cti.exchange_changed", exchange, by=by)


@transaction.atomic
def revoke_cti_token(exchange: CtiToken, *, by: User) -> None:
    """The exchange is not listened to any more; revoked twice is once."""
    if CtiToken.objects.filter(pk=exchange.pk, is_active=True).update(is_active=False):
        audit.record("cti.token_revoked", exchange, by=by)


@transaction.atomic
def assign_extension(exchange: CtiToken, number: str, agent: User, *, by: User) -> None:
    """Say who sits at an extension; whoever sat there before does not any more."""
    Extension.objects.update_or_create(exchange=exchange, number=number, defaults={"agent": agent})
    audit.record("cti.extension_assigned", exchange, by=by, detail={"number": number, "agent": agent.pk})


@transaction.atomic
def free_extension(exchange: CtiToken, number: str, *, by: User) -> None:
    """Nobody sits at the extension any more."""
    if Extension.objects.filter(exchange=exchange, number=number).delete()[0]:
        audit.record("cti.extension_freed", exchange, by=by, detail={"number": number})


def note_use(exchange: CtiToken) -> bool:
    """Remember when the exchange last reported, to the minute; whether this was the first in its minute."""
    now = clock.now()
    is_first = exchange.last_used_at is None or now - exchange.last_used_at > NOTED_EVERY
    if is_first:
        CtiToken.objects.filter(pk=exchange.pk).update(last_used_at=now)
    return is_first
