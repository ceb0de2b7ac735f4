"""What there is at a small desk at one moment, for the rules of a random story to choose from."""

from datetime import datetime

from crmcore.models import AgentPresence, User
from crmcore.models.presence import Chosen, SystemState
from crmcore.queries.presence import routable
from telephony.models import Call, CallLeg, Recording
from telephony.queries.recording_rules import OPEN
from telephony.states import ASKED, IN_CONVERSATION, CallState, LegKind, LegState

MOST_PARTIES = 5


class Scene:
    """Live calls, open legs, and who is free. Each property lists what one kind of deed can be done to."""

    def __init__(self, now: datetime) -> None:
        live = Call.objects.exclude(state=CallState.ENDED).select_related("agent").order_by("pk")
        self.calls: dict[int, Call] = {call.pk: call for call in live}
        self.legs = list(CallLeg.objects.exclude(state=LegState.LEFT).select_related("agent", "call").order_by("pk"))
        self.presences = {row.user_id: row for row in AgentPresence.objects.select_related("user").order_by("pk")}
        self.ready: list[User] = [row.user for row in routable(now).select_related("user").order_by("pk")]
        self.recordings = {row.call_id: row for row in Recording.objects.filter(OPEN)}

    def in_state(self, *states: str) -> list[Call]:
        return [call for call in self.calls.values() if call.state in states]

    @property
    def in_hand(self) -> list[Call]:
        return self.in_state(*IN_CONVERSATION)

    @property
    def open_to_more(self) -> list[Call]:
        """Conversations into which somebody else can be asked."""
        parties = {
            call: [leg for leg in self.of(call) if leg.kind != LegKind.SUPERVISOR] for call in self.calls.values()
        }
        calls = self.in_state(CallState.TALKING, CallState.HELD)
        return [call for call in calls if len(parties[call]) < MOST_PARTIES]

    @property
    def consulting(self) -> list[Call]:
        return self.in_state(CallState.CONSULTING)

    @property
    def with_somebody_aside(self) -> list[Call]:
        """Consultations whose colleague is there."""
        return [call for call in self.consulting if (legs := self.asked(call)) and legs[-1].state == LegState.JOINED]

    @property
    def to_hand_over(self) -> list[Call]:
        calls = self.in_state(CallState.TALKING, CallState.CONSULTING)
        return [call for call in calls if any(leg.is_present for leg in self.asked(call))]

    @property
    def to_park(self) -> list[Call]:
        return [call for call in self.in_state(CallState.TALKING, CallState.HELD) if not self.asked(call)]

    @property
    def at_leisure(self) -> list[User]:
        """On shift with nothing in hand, ready or away."""
        rows = self.presences.values()
        idle = [row for row in rows if row.system == SystemState.IDLE and row.device_ok]
        return [row.user for row in idle if row.chosen != Chosen.OFFLINE]

    @property
    def parties(self) -> list[CallLeg]:
        """Colleagues and outside numbers in a conversation."""
        return [leg for leg in self.legs if leg.kind in ASKED and leg.call.state in IN_CONVERSATION]

    @property
    def staff(self) -> list[CallLeg]:
        return [leg for leg in self.legs if leg.agent_id is not None]

    @property
    def aside(self) -> list[CallLeg]:
        return [leg for leg in self.staff if leg.kind != LegKind.AGENT]

    @property
    def outside(self) -> list[CallLeg]:
        return [leg for leg in self.legs if leg.kind == LegKind.EXTERNAL]

    def of(self, call: Call) -> list[CallLeg]:
        return [leg for leg in self.legs if leg.call_id == call.pk]

    def asked(self, call: Call) -> list[CallLeg]:
        return [leg for leg in self.of(call) if leg.kind in ASKED]

    def supervised_by(self, boss: User) -> CallLeg | None:
        legs = [leg for leg in self.legs if leg.kind == LegKind.SUPERVISOR and leg.agent_id == boss.pk]
        return legs[0] if legs else None
