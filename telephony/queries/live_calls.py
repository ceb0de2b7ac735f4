"""What an agent has in hand right now."""

from crmcore.models import User
from telephony.models import Call, CallLeg, Offer
from telephony.states import LIVE_WITH_AGENT, LegKind, LegState, OfferState


def current_call(user: User) -> Call | None:
    """The call that the agent is in or on the way into."""
    calls = Call.objects.filter(agent=user, state__in=LIVE_WITH_AGENT)
    return calls.select_related("queue", "account", "contact", "ticket").first()


def current_leg(user: User) -> CallLeg | None:
    """The agent's part in that call."""
    legs = CallLeg.objects.filter(agent=user, kind=LegKind.AGENT).exclude(state=LegState.LEFT)
    return legs.select_related("call__queue", "call__account", "call__contact", "call__ticket").first()


def calls_beside(user: User) -> list[int]:
    """Ids of the calls that ring at this person, or in which he takes part in whatever way."""
    legs = CallLeg.objects.filter(agent=user).exclude(state=LegState.LEFT)
    offers = Offer.objects.filter(agent=user).exclude(state=OfferState.CLOSED)
    return [*legs.values_list("call_id", flat=True), *offers.values_list("call_id", flat=True)]


def pending_offer(user: User) -> Offer | None:
    """The call that rings at the agent."""
    offers = Offer.objects.filter(agent=user, state=OfferState.PENDING)
    return offers.select_related("call__queue", "call__account", "call__contact", "call__ticket").first()


def wrapping_leg(user: User) -> CallLeg | None:
    """The conversation that the agent is wrapping up."""
    legs = CallLeg.objects.filter(agent=user, wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
    return legs.select_related("call__queue", "call__account", "call__contact", "call__ticket").last()
