"""Moving a call from state to state: the lock, the legal moves, the epoch."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied

from crmcore.models import User
from telephony.models import Call, CallLeg, Offer
from telephony.states import CallState, LegState, sources_of

# A caller who waits or talks longer than this is a mistake somewhere.
LONGEST_WAIT = timedelta(hours=2)
LONGEST_DEBT = timedelta(hours=4)
LONGEST_CALL = timedelta(hours=4)


class MovedOn(Exception):
    """The call is no longer in a state in which this can be done; `state` is the one it is in."""

    def __init__(self, state: str, reason: str = "") -> None:
        super().__init__(f"{state} {reason}".strip())
        self.state = state
        self.reason = reason


def lock_call(call_id: int) -> Call:
    """The call, locked until the transaction ends. Every action locks calls before offers before presences.

    Without its queue: a row joined before the wait for the lock may not be the call's any more after it.
    """
    return Call.objects.select_for_update().get(pk=call_id)


def lock_call_called(provider: str, provider_call_id: str) -> Call | None:
    """The same for the call that its provider knows by this name; None while it has not been told of."""
    named = Call.objects.filter(provider=provider, provider_call_id=provider_call_id)
    return named.select_for_update().order_by().first()


def lock_call_for(call_id: int, by: User, *, or_beside: bool = False) -> Call:
    """The call, locked, if `by` may act on it, or takes part in it where that is enough. Raises PermissionDenied."""
    beside = CallLeg.objects.filter(call=call_id, agent=by).exclude(state=LegState.LEFT)
    may_act = Call.objects.visible_to(by, "edit").filter(pk=call_id).exists() or (or_beside and beside.exists())
    if not may_act:
        raise PermissionDenied(f"call {call_id}")
    return lock_call(call_id)


def lock_call_of_offer(offer_id: int) -> tuple[Call, Offer]:
    """The offer and its call, both as they are under the call's lock. Raises Offer.DoesNotExist."""
    call = lock_call(Offer.objects.values_list("call_id", flat=True).get(pk=offer_id))
    return call, Offer.objects.get(pk=offer_id)


def move_call(call: Call, to: CallState, *, now: datetime, deadline: datetime | None, **changes: Any) -> bool:
    """Move a locked call if the move is legal; say whether it was. An ended call never moves again."""
    changes |= {"state": to, "epoch": call.epoch + 1, "state_since": now, "state_deadline": deadline}
    moved = Call.objects.filter(pk=call.pk, state__in=sources_of(to)).update(**changes)
    if moved:
        for name, value in changes.items():
            setattr(call, name, value)
    return bool(moved)


def next_epoch(call: Call) -> None:
    """A locked call stays in its state, but what was asked of the carrier before is out of date."""
    call.epoch += 1
    call.save(update_fields=["epoch"])


def waiting_deadline(call: Call, since: datetime) -> datetime:
    """When a wait that began at `since` has lasted too long. Nobody hears a call wait that we are to place."""
    if call.direction == call.Direction.OUT:
        return call.started_at + (call.queue.callback_window if call.queue else LONGEST_DEBT)
    allowed = call.queue.max_wait_s if call.queue else None
    return since + (timedelta(seconds=allowed) if allowed else LONGEST_WAIT)
