"""Which outside numbers may be called into a call, and which were not reached."""

from dataclasses import dataclass

from telephony.dial_rules import DialRefused, Refusal
from telephony.models import Call, CallLeg
from telephony.providers.registry import provider_of
from telephony.queries.dialling import belongs_to_demo, line_of, number_to_call
from telephony.states import CallState, LegKind


@dataclass(frozen=True)
class OutsideCall:
    """A number in E.164, and which of our own it sees; empty where the carrier only pretends."""

    number: str
    caller_id: str = ""


def outside_call(call: Call, raw: str) -> OutsideCall:
    """How `raw` is called into a call. Raises DialRefused when that may not, or cannot, be."""
    carrier = provider_of(call.provider)
    if not carrier.capabilities.can_reach_outside:
        raise DialRefused(Refusal.NOT_BY_THIS_CARRIER)
    number = number_to_call(raw)
    if number == call.customer_number:
        raise DialRefused(Refusal.THE_CUSTOMER)
    if not carrier.capabilities.reaches_people:
        return OutsideCall(number)
    if call.is_demo or belongs_to_demo(number):
        raise DialRefused(Refusal.DEMO)
    line = call.line or line_of(call.queue)
    if line is None or not carrier.dials():
        raise DialRefused(Refusal.NO_LINE)
    return OutsideCall(number, line.number)


def not_reached(call: Call) -> CallLeg | None:
    """The outside party that did not come, or hung up, so that the customer is on hold now."""
    if call.state != CallState.HELD:
        return None
    legs = CallLeg.objects.filter(call=call, kind=LegKind.EXTERNAL, left_at__gte=call.state_since)
    return legs.exclude(ended_as="").order_by("-left_at", "-pk").first()
