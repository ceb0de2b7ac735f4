"""Background work of the roof."""

from crmcore.later import task
from servicedesk import health
from servicedesk.demo.shift import turn_shifts
from servicedesk.portal import tracking_codes


@task("servicedesk.heartbeat")
def heartbeat() -> None:
    """Prove that scheduler, broker and worker pass work on."""
    health.note_worker()


@task("servicedesk.turn_demo_shifts")
def turn_demo_shifts() -> None:
    """Keep the people of the demo's board moving."""
    turn_shifts()


@task("servicedesk.send_tracking_code")
def send_tracking_code(code_id: int, number: str, kind: str, language: str) -> None:
    """Write to the address if number and address belong together."""
    tracking_codes.send_code(code_id, number, kind, language)
