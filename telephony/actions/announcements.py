"""Telling the screens what changed about a call."""

from crmcore import live
from crmcore.events import BoardChanged
from telephony.events import CallChanged, CallOffered, OfferClosed, QueueChanged
from telephony.models import Call, CallLeg, Offer
from telephony.states import SIDE_LEGS, LegState


def announce_call(call: Call, *, also_agent: int | None = None) -> None:
    """All who take part, the queue, the caller's own portal page and the boards look again after the commit."""
    event = CallChanged(call_id=call.pk, state=call.state, epoch=call.epoch)
    staff = CallLeg.objects.filter(call=call, kind__in=SIDE_LEGS).exclude(state=LegState.LEFT)
    agents = {call.agent_id, also_agent, *staff.values_list("agent_id", flat=True)} - {None}
    news: list[tuple[str, live.Event]] = [(f"agent:{agent_id}", event) for agent_id in agents]
    if call.contact_id is not None and call.provider == "browser":
        news.append((f"contact:{call.contact_id}", event))
    if call.queue_id is not None:
        news.append((f"queue:{call.queue_id}", QueueChanged(queue_id=call.queue_id)))
    live.publish_all([*news, ("board", BoardChanged())])


def announce_offer(offer: Offer) -> None:
    """The call begins to ring on the agent's screens."""
    event = CallOffered(call_id=offer.call_id, offer_id=offer.pk, expires_at=offer.expires_at.isoformat())
    live.publish(f"agent:{offer.agent_id}", event)


def announce_closed_offer(offer: Offer) -> None:
    """The ringing stops on the agent's screens."""
    event = OfferClosed(call_id=offer.call_id, offer_id=offer.pk, reason=offer.end_reason)
    live.publish(f"agent:{offer.agent_id}", event)
