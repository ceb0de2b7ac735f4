"""Background work of the roof."""

from crmcore.later import task
from servicedesk import health


@task("servicedesk.heartbeat")
def heartbeat() -> None:
    """Prove that scheduler, broker and worker pass work on."""
    health.note_worker()
