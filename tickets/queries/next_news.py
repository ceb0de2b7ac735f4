"""The moment at which a customer hears from us next; the portal and the ticket's page say the same."""

from tickets.models import Category, SlaClock, SlaTarget, Ticket

_OURS = (Category.NEW, Category.OPEN, Category.ON_HOLD)
_SOONEST_FIRST = (
    SlaTarget.Metric.PROMISE,
    SlaTarget.Metric.FIRST_REPLY,
    SlaTarget.Metric.NEXT_REPLY,
    SlaTarget.Metric.PERIODIC_UPDATE,
    SlaTarget.Metric.RESOLUTION,
)


def next_news(ticket: Ticket) -> SlaClock | None:
    """The clock that was promised next: a reply comes before the solution. None while it is not our turn."""
    if ticket.status.category not in _OURS:
        return None
    promises = {clock.metric: clock for clock in ticket.clocks.all() if clock.due_at and clock.is_live}
    return next((promises[metric] for metric in _SOONEST_FIRST if metric in promises), None)
