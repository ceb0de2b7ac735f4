"""What a customer was promised: answers, news and the solution, never what the desk measures for itself."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext as _

from tickets.models import SlaClock, SlaTarget, Ticket

Metric, State = SlaTarget.Metric, SlaClock.State
# Waiting, work, ownership and stages are measured too, and are nobody else's business.
_TOLD = (Metric.PROMISE, Metric.FIRST_REPLY, Metric.NEXT_REPLY, Metric.PERIODIC_UPDATE, Metric.RESOLUTION)
# What is said again and again is told while it is owed, not for ever after.
_TOLD_WHEN_KEPT = (Metric.FIRST_REPLY, Metric.RESOLUTION, Metric.PROMISE)


@dataclass(frozen=True)
class Promised:
    """One promise. `at` is when it is due, or when it was kept; None while its time stands still."""

    words: str
    state: Literal["open", "late", "rests", "kept", "kept_late"]
    at: datetime | None


def promised(ticket: Ticket, now: datetime) -> list[Promised]:
    """The promises of a request in the order of their kinds, the latest of each."""
    found = []
    for metric in _TOLD:
        clocks = [clock for clock in ticket.clocks.all() if clock.metric == metric and clock.is_promised]
        latest = max(clocks, key=lambda clock: clock.instance, default=None)
        told = _told(latest, now) if latest else None
        if told is not None:
            found.append(told)
    return found


def _told(clock: SlaClock, now: datetime) -> Promised | None:
    words = _words(clock.metric)
    if clock.is_live:
        if clock.state == State.PAUSED or clock.due_at is None:
            return Promised(words, "rests", None) if clock.state == State.PAUSED else None
        return Promised(words, "late" if clock.due_at < now else "open", clock.due_at)
    if clock.metric not in _TOLD_WHEN_KEPT or clock.state not in (State.MET, State.MISSED):
        return None
    return Promised(words, "kept" if clock.state == State.MET else "kept_late", clock.stopped_at)


def _words(metric: str) -> str:
    return {
        str(Metric.PROMISE): _("You hear from us"),
        str(Metric.FIRST_REPLY): _("First answer"),
        str(Metric.NEXT_REPLY): _("Answer to what you wrote"),
        str(Metric.PERIODIC_UPDATE): _("Next news"),
        str(Metric.RESOLUTION): _("Solution"),
    }[metric]
