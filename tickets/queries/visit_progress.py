"""How far plans of recurring visits have come."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q

from tickets.models import RecurringVisits, Visit

Progress = Visit.Progress


@dataclass(frozen=True)
class PlanProgress:
    """The visits of a plan: still to come, missed and open, done, called off; when the next one is due."""

    planned: int = 0
    missed: int = 0
    done: int = 0
    cancelled: int = 0
    next_at: datetime | None = None


def progress_of(plans: Iterable[RecurringVisits]) -> dict[int, PlanProgress]:
    """The progress of each plan, counted at once."""
    to_come = Q(progress__in=(Progress.PLANNED, Progress.FOLLOWING))
    rows = Visit.objects.filter(recurring__in=[plan.pk for plan in plans]).values("recurring")
    counted = rows.annotate(
        planned=Count("pk", filter=to_come),
        missed=Count("pk", filter=Q(progress=Progress.MISSED)),
        done=Count("pk", filter=Q(progress=Progress.COMPLETED)),
        cancelled=Count("pk", filter=Q(progress=Progress.CANCELLED)),
        next_at=Min("due_from", filter=to_come),
    ).order_by("recurring")
    columns = counted.values_list("recurring", "planned", "missed", "done", "cancelled", "next_at")
    return {plan_id: PlanProgress(*rest) for plan_id, *rest in columns}
