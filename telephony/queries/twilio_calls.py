"""Our rows behind the carrier's names."""

from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from telephony.models import Call, CallLeg, QueueEntry
from telephony.providers.twilio.rooms import Place
from telephony.providers.twilio.webhooks import PROVIDER, Scene
from telephony.states import LIVE_WITH_AGENT, CallState, LegKind, LegState, Supervision


def call_of_sid(call_sid: str) -> Call | None:
    """The call that the carrier knows by this SID, as its caller's leg."""
    calls = Call.objects.select_related("queue", "line", "flow_version").filter(provider=PROVIDER)
    return calls.filter(provider_call_id=call_sid).first() or _placed_call(calls, call_sid)


def _placed_call(calls: QuerySet[Call], call_sid: str) -> Call | None:
    """A call that we placed is known by our own id; its carrier's name stands on the customer's leg."""
    live = calls.filter(direction=Call.Direction.OUT).exclude(state=CallState.ENDED)
    found = live.filter(legs__kind=LegKind.CUSTOMER, legs__external_id__endswith=f"/{call_sid}")
    return found.first() if call_sid else None


def scene_of_room(name: str) -> Scene | None:
    """The call whose conference is called `name`, and where its newest agent is."""
    try:
        call = Call.objects.get(provider=PROVIDER, public_id=UUID(name))
    except (ValueError, Call.DoesNotExist):
        return None
    leg = CallLeg.objects.filter(call=call, kind=LegKind.AGENT).order_by("-pk").first()
    if leg is None:
        return Scene(call.provider_call_id)
    return Scene(call.provider_call_id, leg.pk, Place.read(leg.external_id))


def supervision_of(leg: CallLeg) -> dict[str, str | bool]:
    """How a supervisor's leg comes into the room, in the carrier's words; nothing for all others."""
    if leg.kind != LegKind.SUPERVISOR or leg.supervision == Supervision.BARGE:
        return {}
    if leg.supervision == Supervision.LISTEN:
        return {"muted": True}
    agents_leg = CallLeg.objects.filter(call=leg.call_id, kind=LegKind.AGENT).order_by("-pk").first()
    if agents_leg is None or not agents_leg.is_present:
        return {"muted": True}
    return {"coach": Place.read(agents_leg.external_id).call_sid}


def agent_waits(call: Call) -> bool:
    """Whether somebody is in the call's room, so that the caller belongs there."""
    joined = CallLeg.objects.filter(call=call, kind=LegKind.AGENT, state=LegState.JOINED)
    if call.state == CallState.FORWARDED:
        return not call.is_put_through
    return call.state in LIVE_WITH_AGENT and joined.exists()


def put_through(call: Call) -> CallLeg | None:
    """The outside party to which a caller in line is put through."""
    if not call.is_put_through:
        return None
    return CallLeg.objects.filter(call=call, kind=LegKind.EXTERNAL).exclude(state=LegState.LEFT).first()


def spoken_language(call: Call | None) -> str:
    """The language in which the caller is spoken to: the one chosen in the menu, else the line's, else the queue's."""
    chosen = str(call.context.get("language", "")) if call else ""
    line_language = call.line.language if call and call.line else ""
    queue_language = call.queue.language if call and call.queue else ""
    return chosen or line_language or queue_language or settings.LANGUAGE_CODE


def callers_ahead(call: Call) -> int | None:
    """How many in the call's queue are served before it; None when it does not wait."""
    entry = QueueEntry.objects.filter(call=call, left_at=None).first()
    if entry is None:
        return None
    return QueueEntry.objects.filter(queue=entry.queue_id, left_at=None, rank__lt=entry.rank).count()
