"""What the call page says about being called back."""

from typing import Any

from crmcore import phone_numbers
from crmcore.models import User
from telephony.models import Call, Callback
from telephony.queries.dialling import can_be_called_back
from telephony.states import CallState

IN_LINE = frozenset({CallState.QUEUED, CallState.OFFERING})


def own_callback(user: User) -> Callback | None:
    """The call that this customer has asked for and still waits for."""
    mine = Callback.objects.filter(contact=user.contact_id, kind=Callback.Kind.QUEUE, closed_at=None)
    return mine.order_by("-created_at").first()


def callback_context(user: User, call: Call | None) -> dict[str, Any]:
    """The promise that stands, else whether one can be made for the call that waits: to the number that we know."""
    callback = own_callback(user)
    waits = call is not None and call.state in IN_LINE
    number = callback.number if callback else call.customer_number if call else ""
    return {
        "callback": callback,
        "callback_number": phone_numbers.pretty(number),
        "may_call_back": callback is None and call is not None and waits and can_be_called_back(call),
    }
