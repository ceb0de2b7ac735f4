"""Background work of the service core."""

from crmcore.later import task
from crmcore.models import Calendar
from tickets.actions.alerts import process_due
from tickets.actions.calendar_change import follow_calendar


@task("tickets.sla_tick")
def sla_tick() -> None:
    """Every second: write the warnings and breaches that are due, in portions until none is left."""
    while process_due():
        pass


@task("tickets.follow_calendar")
def measure_by_calendar(calendar_id: int) -> None:
    """A calendar has a new version: measure the running clocks by it."""
    calendar = Calendar.objects.filter(pk=calendar_id).first()
    if calendar is not None:
        follow_calendar(calendar)
