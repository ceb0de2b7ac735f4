"""The customer who is in line at the very moment when the demo has been loaded."""

from uuid import UUID

from crmcore import clock
from crmcore.models import User
from servicedesk.demo.cast import Cast
from telephony.actions.fold import fold
from telephony.providers.base import Incoming
from telephony.providers.simulated.provider import SimulatedProvider

CALLER, QUEUE = "customer2", "repairs"
PATIENCE_S, TALK_S = 900, 200


def let_somebody_wait(cast: Cast, public_id: UUID) -> None:
    """A portal customer calls and waits for the next free agent, a quarter of an hour at most."""
    caller = User.objects.get(username=CALLER)
    call_id = f"waiting-{public_id}"
    fold(
        Incoming(
            provider=SimulatedProvider.code,
            provider_call_id=call_id,
            token=f"{call_id}:incoming",
            from_number="",
            occurred_at=clock.now(),
            context={
                "contact_id": caller.contact_id,
                "queue_id": cast.queues[QUEUE].pk,
                "patience_s": PATIENCE_S,
                "talk_s": TALK_S,
                "is_demo": True,
            },
        )
    )
