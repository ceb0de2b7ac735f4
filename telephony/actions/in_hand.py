"""The conversation that an agent has in hand, locked for what only its holder may do with it."""

from django.core.exceptions import PermissionDenied

from crmcore.models import User
from telephony.actions.joins import open_agent_leg
from telephony.actions.transitions import MovedOn, lock_call
from telephony.models import Call, CallLeg
from telephony.providers.base import Capabilities
from telephony.providers.registry import provider_of
from telephony.states import IN_CONVERSATION


class Busy(Exception):
    """The person cannot be reached right now."""

    def __init__(self, person: User) -> None:
        super().__init__(str(person))
        self.person = person


def lock_in_hand(call_id: int, by: User) -> tuple[Call, CallLeg]:
    """The locked call and the leg by which `by` holds it.

    Raises MovedOn outside of a conversation and where the carrier cannot, PermissionDenied for somebody else's call.
    """
    call = lock_call(call_id)
    leg = open_agent_leg(call)
    if call.state not in IN_CONVERSATION or leg is None:
        raise MovedOn(call.state)
    if leg.agent_id != by.pk:
        raise PermissionDenied(f"call {call_id}")
    if not capabilities_of(call).can_transfer:
        raise MovedOn(call.state, "carrier")
    return call, leg


def capabilities_of(call: Call) -> Capabilities:
    """What the call's carrier can do."""
    return provider_of(call.provider).capabilities
