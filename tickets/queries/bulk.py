"""How far a change of many tickets got."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from crmcore.models import User
from tickets.models import BulkChange, BulkItem

# A change that ended is shown on the list for this long.
SHOWN_FOR = timedelta(minutes=10)


@dataclass(frozen=True)
class Progress:
    """A change with the number of its tickets by state."""

    change: BulkChange
    numbers: dict[str, int]

    @property
    def worked_off(self) -> int:
        open_state = {"running": "waiting", "undoing": "done"}.get(self.change.state, "")
        return self.change.total - self.numbers.get(open_state, 0)

    @property
    def left_out(self) -> int:
        """Tickets that were not changed, or not changed back."""
        kept = self.change.state in (BulkChange.State.UNDOING, BulkChange.State.UNDONE)
        return self.numbers.get("kept" if kept else "skipped", 0)

    @property
    def changed(self) -> int:
        undone = self.change.state == BulkChange.State.UNDONE
        return self.numbers.get("undone" if undone else "done", 0)


def progress_of(change: BulkChange) -> Progress:
    """One grouped query over the change's own items."""
    rows = BulkItem.objects.filter(change=change).order_by().values_list("state").annotate(number=Count("pk"))
    return Progress(change, dict(rows))


def latest(user: User, now: datetime) -> Progress | None:
    """The person's last change while it runs, and for some minutes after."""
    change = BulkChange.objects.filter(by=user).order_by("-created_at").first()
    if change is None or (change.ended_at is not None and change.ended_at < now - SHOWN_FOR):
        return None
    return progress_of(change)
