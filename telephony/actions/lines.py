"""Exchanges and their tokens."""

import secrets
from datetime import timedelta

from django.db import transaction

from crmcore import clock
from crmcore.actions import audit
from crmcore.actions.people import token_digest
from crmcore.models import Queue, User
from telephony.models import CtiToken

NOTED_EVERY = timedelta(minutes=1)


@transaction.atomic
def issue_cti_token(name: str, *, queue: Queue | None, by: User | None) -> str:
    """Let an exchange report calls; the answer is the secret for its webhook address, shown this once."""
    text = secrets.token_urlsafe(24)
    token = CtiToken.objects.create(name=name, digest=token_digest(text), queue=queue, created_at=clock.now())
    audit.record("cti.token_issued", token, by=by)
    return text


def note_use(exchange: CtiToken) -> None:
    """Remember when the exchange last reported, to the minute."""
    now = clock.now()
    if exchange.last_used_at is None or now - exchange.last_used_at > NOTED_EVERY:
        CtiToken.objects.filter(pk=exchange.pk).update(last_used_at=now)
