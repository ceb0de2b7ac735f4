"""Background work of the roof."""

from crmcore.later import task
from servicedesk import health
from servicedesk.demo.shift import turn_shifts


@task("servicedesk.heartbeat")
def heartbeat() -> None:
    """Prove that scheduler, broker and worker pass work on."""
    health.note_worker()


@task("servicedesk.turn_demo_shifts")
def turn_demo_shifts() -> None:
    """Keep the people of the demo's board moving."""
    turn_shifts()
