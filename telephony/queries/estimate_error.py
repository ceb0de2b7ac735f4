"""How good the estimated waits were: what was foretold at the entry against the wait that came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from crmcore.models import Queue
from telephony.models import QueueQuarter


@dataclass(frozen=True)
class EstimateError:
    """Of `callers` who were answered: mean absolute error as a share of the wait (MAPE), and in seconds."""

    callers: int
    share: float
    seconds: float

    @property
    def percent(self) -> int:
        return round(100 * self.share)


def estimate_errors(
    queues: Iterable[Queue], *, since: datetime, until: datetime | None = None
) -> dict[int, EstimateError]:
    """By queue, of callers who entered from `since` to `until`, waited ten seconds or more and were answered."""
    told = QueueQuarter.objects.filter(queue__in=list(queues), start__gte=since, foretold__gt=0).order_by()
    if until is not None:
        told = told.filter(start__lt=until)
    sums = told.values_list("queue").annotate(Sum("foretold"), Sum("foretold_off_share"), Sum("foretold_off_seconds"))
    return {queue: EstimateError(n, share / n, seconds / n) for queue, n, share, seconds in sums}
