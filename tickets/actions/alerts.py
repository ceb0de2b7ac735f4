"""Warnings and breaches: the clocks whose moment has come, found by one indexed scan."""

from django.db import transaction

from crmcore.clock import now
from tickets.actions.changing import Standing, finish, saved_views
from tickets.actions.clocks import alert
from tickets.models import SlaClock

AT_ONCE = 500


@transaction.atomic
def process_due(limit: int = AT_ONCE) -> int:
    """Write the events that are due and return how many clocks had one; many processes may run it at once.

    Clock and ticket are locked together and busy ones are left for the next second, so this never waits.
    """
    at = now()
    due = (
        SlaClock.objects.filter(state__in=(SlaClock.State.RUNNING, SlaClock.State.BREACHED), next_event_at__lte=at)
        .select_related("ticket__status", "policy_version", "calendar_version")
        .select_for_update(skip_locked=True, of=("self", "ticket"))
        .order_by("next_event_at")[:limit]
    )
    clocks = list(due)
    for clock in clocks:
        alert(clock, at)
    views = saved_views() if clocks else []
    for ticket in {clock.ticket_id: clock.ticket for clock in clocks}.values():
        finish(ticket, Standing.of(ticket, views), views)
    return len(clocks)
