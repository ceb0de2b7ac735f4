"""Keeping every signal as it came, once."""

from datetime import datetime

from django.db import IntegrityError, transaction

from telephony.models import CallEvent
from telephony.providers.base import Signal


def record_signal(signal: Signal, *, now: datetime) -> CallEvent | None:
    """A row for the signal, or None when the same happening was told before.

    A second process with the same token waits here until the first has committed.
    """
    event = CallEvent(
        provider=signal.provider,
        token=signal.token[:200],
        provider_call_id=signal.provider_call_id,
        kind=signal.kind,
        payload=signal.payload(),
        occurred_at=signal.occurred_at,
        received_at=now,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        return None
    return event


def signal_of(event: CallEvent) -> Signal:
    """The stored signal again."""
    return Signal.kinds[event.kind](
        provider=event.provider,
        provider_call_id=event.provider_call_id,
        token=event.token,
        occurred_at=event.occurred_at,
        **event.payload,
    )
