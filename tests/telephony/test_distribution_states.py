"""Random stories of a small desk, told by one process with a moved clock: the invariants hold after every step."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from typing import Any, ClassVar

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from crmcore import models
from crmcore.actions import presence
from crmcore.models import Outcome, User
from crmcore.models.presence import Chosen
from crmcore.shipped_desk import install_desk
from crmcore.strategies import Preference, Strategy
from crmcore.tasks import relay_live_events
from telephony.actions.calls import hang_up, hold_call, resume_call
from telephony.actions.evidence import signal_of
from telephony.actions.fold import fold
from telephony.actions.offers import accept_offer, reject_offer
from telephony.actions.transitions import MovedOn
from telephony.actions.wrap_up import finish_wrap_up
from telephony.models import Call, CallEvent, CallLeg, Offer
from telephony.states import IN_CONVERSATION, CallState, LegKind, OfferState
from tests.telephony.desk import Desk
from tests.telephony.flight_recorder import RECORDED, start_recording
from tests.telephony.invariants import HEALED, INVARIANTS, hold, nobody_waits_while_somebody_could_answer

Commits = Callable[..., AbstractContextManager[Any]]
# Slower than the real one, which only makes it harder.
TICK_S = 2.0
EXAMPLES = int(os.environ.get("STORIES", "6"))
pick = st.integers(0, 1_000)


class SmallDesk(RuleBasedStateMachine):
    """Three agents, a queue of each strategy, and whatever may happen to them."""

    commits: ClassVar[Commits]
    carrier: ClassVar[str] = "quiet"

    def __init__(self) -> None:
        super().__init__()
        self.story = transaction.atomic()
        self.story.__enter__()
        self.desk = Desk(self.commits)
        start_recording()
        install_desk(models)
        self.queues = [
            self.desk.new_queue(
                strategy, strategy=strategy, priority_s=10 * n, decline_pause_s=n, preferred_agent=Preference.LAST
            )
            for n, strategy in enumerate(Strategy.values)
        ]
        self.agents: list[User] = [self.desk.new_agent(f"a{n}", *self.queues[n % 2 :]) for n in range(3)]
        self.swept = False

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.story.__exit__(None, None, None)

    @rule(which=pick)
    def somebody_calls(self, which: int) -> None:
        self.desk.call(queue=self.queues[which % len(self.queues)], provider=self.carrier)
        self.swept = False

    @rule(which=pick, choice=st.sampled_from([accept_offer, accept_offer, reject_offer]))
    def agent_decides(self, which: int, choice: Callable[..., Any]) -> None:
        offer = one_of(Offer.objects.filter(state=OfferState.PENDING).order_by("pk"), which)
        if offer is not None:
            self.attempt(choice, offer.pk, by=offer.agent)

    @rule(which=pick, customer=st.booleans())
    def leg_joins(self, which: int, customer: bool) -> None:
        leg = self.leg(which, customer)
        if leg is not None:
            self.desk.joins(leg.call, None if customer else leg)

    @rule(which=pick, customer=st.booleans())
    def leg_breaks(self, which: int, customer: bool) -> None:
        leg = self.leg(which, customer)
        if leg is not None:
            self.desk.loses(leg.call, None if customer else leg)

    @rule(which=pick, by_agent=st.booleans())
    def somebody_hangs_up(self, which: int, by_agent: bool) -> None:
        call = one_of(Call.objects.exclude(state=CallState.ENDED).order_by("pk"), which)
        if call is not None and by_agent and call.agent:
            self.attempt(hang_up, call.pk, by=call.agent)
        elif call is not None:
            self.desk.hangs_up(call)

    @rule(which=pick, action=st.sampled_from([hold_call, resume_call]))
    def agent_holds(self, which: int, action: Callable[..., Any]) -> None:
        call = one_of(Call.objects.filter(state__in=IN_CONVERSATION).order_by("pk"), which)
        if call is not None:
            self.attempt(action, call.pk, by=call.agent)

    @rule(which=pick, code=st.sampled_from(["solved", "wrong_number"]))
    def agent_wraps_up(self, which: int, code: str) -> None:
        leg = one_of(CallLeg.objects.filter(wrap_up_started_at__isnull=False, outcome=None).order_by("pk"), which)
        if leg is not None:
            self.attempt(finish_wrap_up, leg.pk, by=leg.agent, outcome=Outcome.objects.get(code=code, queue=None))

    @rule(which=pick, chosen=st.sampled_from(Chosen.values))
    def agent_chooses(self, which: int, chosen: str) -> None:
        agent = self.agents[which % 3]
        self.desk.do(presence.choose, agent, chosen, by=agent)
        self.swept = False

    @rule(which=pick, there=st.booleans())
    def screen_comes_or_goes(self, which: int, there: bool) -> None:
        agent = self.agents[which % 3].pk
        (self.desk.at_screen.add if there else self.desk.at_screen.discard)(agent)

    @rule(which=pick)
    def old_signal_comes_again(self, which: int) -> None:
        event = one_of(CallEvent.objects.order_by("pk"), which)
        if event is not None:
            self.desk.do(fold, signal_of(event))

    @rule(seconds=st.sampled_from([0.2, 1, 1, 5, 9, 21, 31, 65]))
    def time_passes(self, seconds: float) -> None:
        while seconds > 0:
            self.tick(min(TICK_S, seconds))
            seconds -= TICK_S
        self.desk.do(relay_live_events)
        self.swept = True

    @rule()
    def next_process_dies(self) -> None:
        self.desk.dies = True

    @invariant()
    def nothing_is_broken(self) -> None:
        hold(INVARIANTS + RECORDED + HEALED, now=self.desk.moment, passed_over=0)
        if self.swept:
            nobody_waits_while_somebody_could_answer(self.desk.moment)

    def tick(self, seconds: float) -> None:
        self.desk.wait(seconds)

    def attempt(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Somebody may always come too late."""
        with suppress(MovedOn, PermissionDenied):
            self.desk.do(action, *args, **kwargs)
        self.swept = False

    def leg(self, which: int, customer: bool) -> CallLeg | None:
        kind = LegKind.CUSTOMER if customer else LegKind.AGENT
        legs = CallLeg.objects.filter(kind=kind).exclude(call__state=CallState.ENDED)
        return one_of(legs.select_related("call").order_by("pk"), which)


def one_of(rows: Any, which: int) -> Any:
    listed = list(rows)
    return listed[which % len(listed)] if listed else None


@pytest.mark.django_db
def test_random_stories_never_break_an_invariant(carriers: None, django_capture_on_commit_callbacks: Commits) -> None:
    SmallDesk.commits = staticmethod(django_capture_on_commit_callbacks)
    run_state_machine_as_test(
        SmallDesk,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
