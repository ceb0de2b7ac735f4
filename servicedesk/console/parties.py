"""Who else takes part in the call in hand, for the bar."""

from dataclasses import dataclass, field

from crmcore.models import User
from telephony.models import Call, CallLeg, Offer, SupervisionPolicy
from telephony.providers.base import Capabilities
from telephony.providers.registry import provider_of
from telephony.queries.outside import not_reached
from telephony.states import ASKED, LegKind, LegState, OfferState, Supervision


@dataclass(frozen=True)
class Parties:
    """The others: who is asked or spoken to apart, of the desk or outside, who is in the conversation, supervisors.

    `dialled`: the outside number that rings; `not_reached`: the one that did not come, or has hung up.
    """

    can: Capabilities = field(default_factory=Capabilities)
    own: CallLeg | None = None
    asked: Offer | None = None
    dialled: CallLeg | None = None
    not_reached: CallLeg | None = None
    colleagues: list[CallLeg] = field(default_factory=list)
    supervisors: list[CallLeg] = field(default_factory=list)
    customer_is_held: bool = False

    @property
    def apart(self) -> CallLeg | None:
        """Who came last."""
        return self.colleagues[-1] if self.colleagues else None

    @property
    def names(self) -> str:
        return ", ".join(leg.who for leg in self.colleagues)


def parties_of(call: Call, own: CallLeg | None, user: User) -> Parties:
    """Everybody but the customer and the reader."""
    legs = CallLeg.objects.filter(call=call).exclude(state=LegState.LEFT).select_related("agent").order_by("pk")
    listed = list(legs)
    asked = Offer.objects.filter(
        call=call, purpose=Offer.Purpose.CONSULT, state__in=[OfferState.PENDING, OfferState.ACCEPTED]
    )
    return Parties(
        can=provider_of(call.provider).capabilities,
        own=own,
        asked=asked.select_related("agent").first(),
        dialled=next((leg for leg in listed if leg.kind == LegKind.EXTERNAL and leg.state == LegState.INVITED), None),
        not_reached=not_reached(call),
        colleagues=[leg for leg in listed if leg.kind in ASKED and leg.state == LegState.JOINED],
        supervisors=_shown([leg for leg in listed if leg.kind == LegKind.SUPERVISOR and leg.agent_id != user.pk]),
        customer_is_held=any(leg.is_held for leg in listed if leg.kind == LegKind.CUSTOMER),
    )


def _shown(supervisors: list[CallLeg]) -> list[CallLeg]:
    """Supervisors whom the reader is told of: whoever is heard by all, the others if the desk's policy says so."""
    if not supervisors or SupervisionPolicy.current().agents_are_told:
        return supervisors
    return [leg for leg in supervisors if leg.supervision == Supervision.BARGE]
