"""Signs of life of the legs whose pages sit at our own sockets."""

from collections.abc import Iterable

from crmcore import clock
from telephony.models import CallLeg
from telephony.states import LegState


def legs_seen(leg_ids: Iterable[int]) -> None:
    """Note in one statement that these legs are alive."""
    CallLeg.objects.filter(pk__in=list(leg_ids)).exclude(state=LegState.LEFT).update(last_seen_at=clock.now())
