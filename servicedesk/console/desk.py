"""Where an agent stands right now: presence, the offer that rings, the call in hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Min, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crmcore import clock
from crmcore.actions.presence import AT_WORK
from crmcore.models import AgentPresence, AwayReason, Queue, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.queries.presence import no_reason
from telephony.actions.wrap_up import rules_of
from telephony.models import Call, CallLeg, Offer, QueueEntry
from telephony.states import CallState, LegKind, OfferState

AFTERWARDS: dict[Chosen, tuple[Promise, str]] = {
    Chosen.AVAILABLE: (_("Ready"), "icon:circle-check"),
    Chosen.OFFLINE: (_("End shift"), "icon:logout"),
}


@dataclass(frozen=True)
class Desk:
    """One agent's present state. `look` names the face of the bar."""

    user: User
    presence: AgentPresence | None
    look: str
    offer: Offer | None = None
    leg: CallLeg | None = None

    @property
    def call(self) -> Call | None:
        if self.offer is not None:
            return self.offer.call
        return self.leg.call if self.leg is not None else None

    @property
    def since(self) -> datetime | None:
        """Since when the present state lasts; of a conversation, since it was answered."""
        if self.look in {"talking", "hold", "consult"} and self.leg is not None:
            call, is_own = self.leg.call, self.leg.kind == LegKind.AGENT
            return call.state_since if self.look != "talking" else call.answered_at if is_own else self.leg.joined_at
        return self.presence.state_since if self.presence else None

    @property
    def wrap_up_limit(self) -> timedelta | None:
        """How long this wrap-up may last, extensions included."""
        if self.leg is None or self.leg.wrap_up_deadline is None or self.leg.wrap_up_started_at is None:
            return None
        return self.leg.wrap_up_deadline - self.leg.wrap_up_started_at

    @property
    def paused_until(self) -> datetime | None:
        """Until when no call is sent after one that was not taken."""
        until = self.presence.ready_at if self.presence and self.look == "ready" else None
        return until if until and until > clock.now() else None

    @property
    def next_state(self) -> AwayReason | None:
        """What the agent will be after this work, if that was said: name and icon."""
        presence = self.presence
        if presence is None or presence.system not in AT_WORK or not presence.next_chosen:
            return None
        if presence.next_chosen == Chosen.AUX:
            return AwayReason.objects.filter(code=presence.next_aux_code).first() or no_reason()
        name, icon = AFTERWARDS[Chosen(presence.next_chosen)]
        return AwayReason(name=str(name), name_zh=str(name), icon=icon)

    @property
    def rules(self) -> Queue:
        """The queue whose wrap-up rules hold."""
        return rules_of(self.leg.call) if self.leg is not None else Queue()

    @property
    def can_extend(self) -> bool:
        leg = self.leg
        return (
            leg is not None
            and leg.wrap_up_deadline is not None
            and leg.wrap_up_extensions < self.rules.wrap_up_extensions
        )

    @property
    def away_reason(self) -> AwayReason:
        """Why the agent is away; where no reason was given, a nameless one."""
        code = self.presence.aux_code if self.presence else ""
        return AwayReason.objects.filter(code=code).first() or no_reason()


@dataclass(frozen=True)
class Depth:
    """How many wait in the agent's queues, and since when the longest."""

    waiting: int
    longest_since: datetime | None


def desk_of(user: User) -> Desk:
    """The desk of this agent, read fresh."""
    presence = AgentPresence.objects.select_related("changed_by").filter(user=user).first()
    if presence is None:
        return Desk(user, None, "offline")
    offer, leg = _offer(user, presence), _leg(user, presence)
    return Desk(user, presence, _look(presence, offer, leg), offer if leg is None else None, leg)


def depth_of(user: User) -> Depth:
    """One statement over the open entries of the queues that this person serves."""
    entries = QueueEntry.objects.filter(left_at=None, queue__memberships__user=user)
    row = entries.aggregate(longest=Min("entered_at"))
    return Depth(entries.count() if row["longest"] else 0, row["longest"])


def queues_of(user: User) -> list[int]:
    """Ids of the queues that this person serves, for live topics."""
    return list(Queue.objects.filter(memberships__user=user, is_active=True).values_list("pk", flat=True))


def _offer(user: User, presence: AgentPresence) -> Offer | None:
    if presence.system not in {SystemState.RESERVED, SystemState.CONNECTING}:
        return None
    offers = Offer.objects.select_related("call__queue", "call__account", "call__contact", "call__ticket")
    return offers.filter(agent=user, state__in=[OfferState.PENDING, OfferState.ACCEPTED]).first()


def _leg(user: User, presence: AgentPresence) -> CallLeg | None:
    if presence.system not in {SystemState.CONNECTING, SystemState.ON_CONTACT, SystemState.WRAPUP}:
        return None
    legs = CallLeg.objects.select_related("call__queue", "call__account", "call__contact", "call__ticket", "outcome")
    in_hand = Q(left_at=None) | Q(wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
    return legs.filter(in_hand, agent=user).order_by("-id").first()


def _look_in_call(leg: CallLeg) -> str:
    if leg.kind != LegKind.AGENT:
        return "hold" if leg.is_held else "talking"
    return {CallState.HELD: "hold", CallState.CONSULTING: "consult"}.get(CallState(leg.call.state), "talking")


def _look(presence: AgentPresence, offer: Offer | None, leg: CallLeg | None) -> str:
    match presence.system:
        case SystemState.RESERVED if offer is not None:
            return "ringing"
        case SystemState.CONNECTING if leg is not None:
            return "connecting"
        case SystemState.ON_CONTACT if leg is not None:
            return _look_in_call(leg)
        case SystemState.WRAPUP if leg is not None:
            return "wrap"
        case SystemState.NOT_RESPONDING:
            return "missed"
    return {Chosen.AVAILABLE: "ready", Chosen.AUX: "away"}.get(Chosen(presence.chosen), "offline")
