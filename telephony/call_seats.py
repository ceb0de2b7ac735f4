"""Who sits at the sockets of browser calls: from a ticket or a pass to a leg, and back to signals."""

from dataclasses import dataclass
from uuid import uuid4

from django.core import signing

from telephony.actions.offers import redeem_ticket
from telephony.join_tickets import TicketRefused
from telephony.mixing import Star
from telephony.models import Call, CallLeg
from telephony.providers.browser.passes import LegPass
from telephony.queries.voices import star_of
from telephony.states import LegKind, LegState

__all__ = ["Seat", "TicketRefused", "star_at", "take_seat"]


@dataclass(frozen=True)
class Seat:
    """One leg's place at the signalling table. `leg_id` names it, `role` is customer or agent."""

    call_id: int
    public_id: str
    provider_call_id: str
    leg_id: int
    role: str
    state: str
    is_over: bool
    leg_pass: str

    @property
    def signal_leg_id(self) -> int | None:
        """The leg as signals name it: the customer's leg needs no number."""
        return None if self.role == LegKind.CUSTOMER else self.leg_id

    def token(self, what: str) -> str:
        """A name for one happening at this seat; each happening is its own."""
        return f"{self.leg_id}:{what}:{uuid4().hex}"


def take_seat(text: str, *, page: str, user_id: int) -> Seat:
    """The seat that a join ticket (once, for one page) or a later pass opens. Raises TicketRefused."""
    leg = _leg_of_pass(text, user_id) or redeem_ticket(text, bearer=page)
    if leg.agent_id is not None and leg.agent_id != user_id:
        raise TicketRefused("this leg belongs to somebody else")
    call: Call = leg.call
    return Seat(
        call_id=call.pk,
        public_id=str(call.public_id),
        provider_call_id=call.provider_call_id,
        leg_id=leg.pk,
        role=leg.kind,
        state=call.state,
        is_over=not call.is_live or leg.state == LegState.LEFT,
        leg_pass=LegPass(leg.pk, leg.agent_id or 0).sign(),
    )


def star_at(seat: Seat) -> Star:
    """The star of the seat's call as it is now."""
    return star_of(Call.objects.get(pk=seat.call_id))


def _leg_of_pass(text: str, user_id: int) -> CallLeg | None:
    try:
        leg_pass = LegPass.read(text)
    except signing.BadSignature:
        return None
    if leg_pass.user_id not in (0, user_id):
        raise TicketRefused("this pass belongs to somebody else")
    return CallLeg.objects.select_related("call").filter(pk=leg_pass.leg_id).first()
