"""The book of parked calls, and the work that a caller leaves who was parked and never picked up."""

from datetime import datetime

from telephony.actions.contact_record import record_contact
from telephony.actions.missed import note_missed
from telephony.models import Call, CallLeg, ParkedCall
from telephony.states import LegKind


def parking_of(call: Call) -> ParkedCall | None:
    """The stay of the call that has not ended; it lasts until whoever picks it up hears the caller."""
    return ParkedCall.objects.filter(call=call, left_at=None).first()


def stay_parked(parking: ParkedCall, *, now: datetime) -> datetime:
    """Whoever picked it up never heard the caller: until when it stays, which is now where its time is over."""
    parking.returns_at = max(parking.returns_at, now)
    parking.save(update_fields=["returns_at"])
    return parking.returns_at


def end_parking(call: Call, left_as: ParkedCall.Left, *, now: datetime, by: int | None = None) -> None:
    """Close the stay of a locked call, if there is one."""
    ParkedCall.objects.filter(call=call, left_at=None).update(left_at=now, left_as=left_as, picked_up_by=by)


def owe_parked(call: Call, *, now: datetime) -> None:
    """A locked call has ended without a conversation. Was it parked before, the last agent owes it a wrap-up.

    Parking began none, as the conversation was to go on; and whoever waited there in vain is missed.
    """
    end_parking(call, ParkedCall.Left.HUNG_UP, now=now)
    leg = CallLeg.objects.filter(call=call, kind=LegKind.AGENT, joined_at__isnull=False).order_by("pk").last()
    if leg is None or leg.wrap_up_started_at or not ParkedCall.objects.filter(call=call, by=leg.agent_id).exists():
        return
    leg.wrap_up_started_at = leg.wrap_up_ended_at = now
    leg.is_unclassified = True
    record_contact(call, leg, outcome=None)
    leg.save()
    note_missed(call, now=now)
