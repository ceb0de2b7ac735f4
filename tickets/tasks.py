"""Background work of the service core."""

from crmcore.later import task
from tickets.actions.alerts import process_due


@task("tickets.sla_tick")
def sla_tick() -> None:
    """Every second: write the warnings and breaches that are due, in portions until none is left."""
    while process_due():
        pass
