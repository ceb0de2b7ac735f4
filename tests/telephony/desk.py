"""A small desk for tests: queues, agents at their screens, callers, and a clock that the test moves."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, ParamSpec, TypeVar

from django.db import connection

from crmcore import clock
from crmcore.actions import people, presence
from crmcore.models import AgentPresence, Queue, QueueMembership, Team, User
from telephony.actions.fold import fold
from telephony.actions.offers import accept_offer
from telephony.actions.sweep import sweep
from telephony.models import Call, CallLeg, Offer
from telephony.providers.base import CallerHungUp, Incoming, LegJoined, LegLeft, LegLost
from telephony.states import LegKind, OfferState

P = ParamSpec("P")
T = TypeVar("T")

NINE = datetime(2026, 3, 2, 1, tzinfo=UTC)
_numbers = count(1)


class Desk:
    """`do` runs an action at the desk's moment and commits it; `wait` lets time pass while agents' screens live on.

    `dies`: of the next action only what it commits is left, as its process dies right after that.
    """

    def __init__(self, commits: Callable[..., AbstractContextManager[Any]]) -> None:
        self.moment = NINE
        self.dies = False
        self._commits = commits
        self.at_screen: set[int] = set()
        people.ensure_roles()
        self.team = people.create_team("test-team", "Team")
        self.queue = self.new_queue("first")

    def new_queue(self, code: str, **fields: Any) -> Queue:
        return Queue.objects.create(code=code, name=code, team=self.team, **fields)

    def new_agent(self, name: str, *queues: Queue, penalty: int = 0, team: Team | None = None) -> User:
        """An agent of these queues (or of the first) who has started the shift."""
        user = self.do(
            people.create_user, name, name=name, password=None, roles=["agent"], teams=[team or self.team], by=None
        )
        for queue in queues or (self.queue,):
            QueueMembership.objects.create(queue=queue, user=user, penalty=penalty)
        self.at_screen.add(user.pk)
        self.do(presence.start_shift, user)
        self.moment += timedelta(seconds=1)
        return user

    def do(self, action: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        # The test's own transaction never commits, so what it has run already must not look still to come.
        connection.run_on_commit.clear()
        lives, self.dies = not self.dies, False
        with clock.at(self.moment), self._commits(execute=lives):
            return action(*args, **kwargs)

    def wait(self, seconds: float, *, tick: bool = True) -> None:
        """Let time pass; then the sweeper runs once."""
        self.moment += timedelta(seconds=seconds)
        self.do(presence.device_seen, self.at_screen)
        if tick:
            self.do(sweep)

    def call(
        self,
        number: str = "+8613800138000",
        *,
        provider: str = "quiet",
        queue: Queue | None = None,
        to: str = "",
        **context: Any,
    ) -> Call:
        """Somebody calls the queue (the first unless said otherwise), or the line `to`."""
        call_id = f"call-{next(_numbers)}"
        if not to:
            context["queue_id"] = (queue or self.queue).pk
        signal = Incoming(
            provider=provider,
            provider_call_id=call_id,
            token=f"{call_id}:in",
            from_number=number,
            to_number=to,
            context=context,
        )
        call = self.do(fold, signal)
        assert call is not None
        self.do(lambda: None)
        return self.again(call)

    def accept(self, call: Call) -> str:
        """The agent at whom it rings takes the call."""
        offer = self.offer(call)
        assert offer is not None
        return self.do(accept_offer, offer.pk, by=offer.agent)

    def talk(self, call: Call) -> Call:
        """Accept, and both parties join."""
        self.accept(call)
        self.joins(call, self.agent_leg(call))
        self.joins(call)
        return self.again(call)

    def joins(self, call: Call, leg: CallLeg | None = None) -> None:
        self.do(fold, LegJoined(**self._names(call), leg_id=leg.pk if leg else None))

    def loses(self, call: Call, leg: CallLeg | None = None) -> None:
        self.do(fold, LegLost(**self._names(call), leg_id=leg.pk if leg else None))

    def leaves(self, call: Call, leg: CallLeg | None = None) -> None:
        self.do(fold, LegLeft(**self._names(call), leg_id=leg.pk if leg else None))

    def hangs_up(self, call: Call) -> Call:
        self.do(fold, CallerHungUp(**self._names(call)))
        return self.again(call)

    def offer(self, call: Call) -> Offer | None:
        return Offer.objects.filter(call=call).exclude(state=OfferState.CLOSED).select_related("agent").first()

    def last_offer(self, call: Call) -> Offer:
        return Offer.objects.filter(call=call).order_by("-pk")[0]

    def agent_leg(self, call: Call) -> CallLeg:
        return CallLeg.objects.filter(call=call, kind=LegKind.AGENT).order_by("-pk")[0]

    def customer_leg(self, call: Call) -> CallLeg:
        return CallLeg.objects.get(call=call, kind=LegKind.CUSTOMER)

    def presence(self, user: User) -> AgentPresence:
        return AgentPresence.objects.get(user=user)

    def again(self, call: Call) -> Call:
        return Call.objects.get(pk=call.pk)

    def _names(self, call: Call) -> dict[str, Any]:
        return {
            "provider": call.provider,
            "provider_call_id": call.provider_call_id,
            "token": f"{call.provider_call_id}:{next(_numbers)}",
            "occurred_at": self.moment,
        }
