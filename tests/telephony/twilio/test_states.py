"""The same random stories at a carrier that doubles, shuffles, delays and loses what it tells, and breaks lines."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from crmcore.models import Queue, User
from telephony.actions.offers import accept_offer, reject_offer, rejoin_call
from telephony.actions.reconcile import reconcile
from telephony.models import Call, Offer, PhoneLine
from telephony.providers.twilio import provider
from telephony.states import CallState, OfferState
from tests.fake_carrier.state import FakeCall
from tests.telephony.test_distribution_states import EXAMPLES, Commits, one_of, pick
from tests.telephony.test_in_call_states import ConversationDesk
from tests.telephony.twilio.line import Line

DISORDER = {"copies": 2, "shuffled": True, "late": 0.3, "first_late": 0.1}
LOST = 0.03
RECONCILE_EVERY = timedelta(seconds=10)
CALM_WITHIN_S = 180
TICK_S = 5.0


class CarrierDesk(ConversationDesk):
    """People at their telephones and browsers, a carrier between them, and whatever goes wrong on the way."""

    carrier = "twilio"
    tells_itself = False
    monkeypatch: ClassVar[pytest.MonkeyPatch]

    def somebody_calls_the(self, queue: Queue) -> FakeCall:
        caller = self.line.carrier.dial("+8613800138000", self.numbers[queue.pk])
        self.line.settle()
        return caller

    def begin_conversation(self, queue: Queue) -> None:
        if not hasattr(self, "line"):
            self._connect()
        caller = self.somebody_calls_the(queue)
        offer = self.desk.offer(self.line.call(caller))
        assert offer is not None
        self.comes_in(offer.agent, self.desk.do(accept_offer, offer.pk, by=offer.agent))

    @rule(which=pick)
    def somebody_calls(self, which: int) -> None:
        self.somebody_calls_the(one_of(self.queues, which))
        self.swept = False

    @rule(which=pick, choice=st.sampled_from([accept_offer, accept_offer, reject_offer]))
    def agent_decides(self, which: int, choice: Callable[..., Any]) -> None:
        offer = one_of(Offer.objects.filter(state=OfferState.PENDING).order_by("pk"), which)
        if offer is not None:
            self.does(choice, offer.pk, by=offer.agent)

    @precondition(lambda self: self.on_the_line())
    @rule(which=pick)
    def somebody_puts_the_receiver_down(self, which: int) -> None:
        self.line.carrier.hang_up(one_of(self.on_the_line(), which))
        self.line.settle()
        self.swept = False

    @precondition(lambda self: self.rung())
    @rule(which=pick, end=st.sampled_from(["answer", "answer", "busy", "no-answer"]))
    def outside_number_answers_or_not(self, which: int, end: str) -> None:
        call, dialling = one_of(self.rung(), which), self.line.carrier.dialling
        dialling.answer(call) if end == "answer" else dialling.give_up(call, end)
        self.line.settle()
        self.swept = False

    @precondition(lambda self: self.scene.staff)
    @rule(which=pick)
    def browser_comes_again(self, which: int) -> None:
        leg = one_of(self.scene.staff, which)
        self.does(rejoin_call, leg.call_id, by=leg.agent)

    @rule()
    def late_news_comes(self) -> None:
        self.line.settle(everything=True)
        self.swept = False

    # What the carrier tells, it tells by itself here.
    leg_joins = leg_breaks = somebody_hangs_up = None
    line_of_staff_comes_or_goes = outside_number_comes_or_goes = outside_number_does_not_answer = None

    def does(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        answer = super().does(action, *args, **kwargs)
        ticket = answer[1] if isinstance(answer, tuple) else answer
        if isinstance(ticket, str):
            self.comes_in(kwargs["by"], ticket)
        self.line.settle()
        return answer

    def comes_in(self, agent: User, ticket: str) -> None:
        self.line.carrier.connect_browser(f"a_{agent.pk}", ticket=ticket)
        self.line.settle()

    def tick(self, seconds: float) -> None:
        self.line.carrier.post.pass_round()
        self.line.settle()
        super().tick(seconds)
        if self.desk.moment - self.reconciled_at >= RECONCILE_EVERY:
            self.reconciled_at = self.desk.moment
            self.desk.do(reconcile)

    def teardown(self) -> None:
        """Everybody goes: nobody is left, on either side."""
        try:
            self.everybody_goes()
        finally:
            super().teardown()

    def everybody_goes(self) -> None:
        for call in self.on_the_line():
            self.line.carrier.hang_up(call)
        gone_by = self.desk.moment + timedelta(seconds=CALM_WITHIN_S)
        while Call.objects.exclude(state=CallState.ENDED).exists() or self.on_the_line():
            assert self.desk.moment < gone_by, "somebody is left though everybody has gone"
            self.tick(TICK_S)

    def on_the_line(self) -> list[FakeCall]:
        return [call for call in self.line.carrier.calls.values() if not call.is_over and call not in self.rung()]

    def rung(self) -> list[FakeCall]:
        carrier = self.line.carrier
        return [call for call in carrier.calls.values() if carrier.dialling.is_ringing(call)]

    def _connect(self) -> None:
        self.numbers = {queue.pk: f"+8621510080{n:02}" for n, queue in enumerate(self.queues)}
        for queue in self.queues:
            PhoneLine.objects.create(name=queue.name, number=self.numbers[queue.pk], queue=queue)
        self.reconciled_at = self.desk.moment
        self.line = Line(self.desk, **DISORDER)
        dice = self.line.carrier.plan.random
        self.line.carrier.plan.lose = lambda fields: dice.random() < LOST
        self.line.carrier.coach_without_agent = lambda: False  # type: ignore[method-assign]
        self.monkeypatch.setattr(provider, "connect", self.line.connect)


@pytest.mark.django_db
def test_random_stories_at_a_disorderly_carrier_never_break_an_invariant(
    carriers: None,
    recordings: Path,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Commits,
) -> None:
    CarrierDesk.commits = staticmethod(django_capture_on_commit_callbacks)
    CarrierDesk.monkeypatch = monkeypatch
    run_state_machine_as_test(
        CarrierDesk,
        settings=settings(
            max_examples=max(1, EXAMPLES // 2),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.reuse, Phase.generate],  # a story with a carrier takes seconds: too long to shorten
        ),
    )
