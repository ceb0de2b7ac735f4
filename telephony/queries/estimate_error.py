"""How good the estimated waits were: what was foretold at the entry against the wait that came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Avg, Count, F, FloatField, QuerySet
from django.db.models.functions import Abs, Cast, Extract

from crmcore.models import Queue
from telephony.models import QueueEntry
from telephony.states import EntryEnd

# A wait of a few seconds makes any prediction look absurd in per cent.
FROM_S = 10


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
    rows = (
        _measured(queues, since, until)
        .order_by()
        .values("queue")
        .annotate(n=Count("pk"), share=Avg("off"), s=Avg("gap"))
    )
    return {row["queue"]: EstimateError(row["n"], row["share"], row["s"]) for row in rows}


def _measured(queues: Iterable[Queue], since: datetime, until: datetime | None) -> QuerySet[QueueEntry]:
    answered = QueueEntry.objects.filter(
        queue__in=list(queues), entered_at__gte=since, left_as=EntryEnd.ANSWERED, predicted_s__isnull=False
    )
    if until is not None:
        answered = answered.filter(entered_at__lt=until)
    waits = answered.annotate(wait=Cast(Extract(F("left_at") - F("entered_at"), "epoch"), FloatField()))
    gap = Abs(Cast(F("predicted_s"), FloatField()) - F("wait"))
    return waits.filter(wait__gte=FROM_S).annotate(gap=gap, off=gap / F("wait"))
