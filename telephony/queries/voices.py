"""The parties of a conversation, for those who mix it."""

from telephony.mixing import Star
from telephony.models import Call, CallLeg
from telephony.providers.base import Voice
from telephony.states import LIVE_WITH_AGENT, LegState


def voices_of(call: Call) -> list[Voice]:
    """Every party that has not left, in the order in which they came."""
    rows = CallLeg.objects.filter(call=call).exclude(state=LegState.LEFT).order_by("pk")
    names = ("pk", "kind", "external_id", "is_held", "supervision")
    return [Voice(*row) for row in rows.values_list(*names)]


def star_of(call: Call) -> Star:
    """The star of the call's pages; nobody is connected while the caller waits."""
    return Star(call.epoch, voices_of(call) if call.state in LIVE_WITH_AGENT else [])
