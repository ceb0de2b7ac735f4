"""Random stories of a desk that also calls: dialling, calls back and promises among everything else that happens."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule, run_state_machine_as_test

from telephony.actions.callbacks import call_off, promise_call, request_callback
from telephony.actions.fold import fold
from telephony.actions.outgoing import place_call
from telephony.actions.transitions import MovedOn
from telephony.dial_rules import DialRefused
from telephony.models import Call, Callback, MissedCall, PhoneLine, ProviderCommand
from telephony.providers.base import Signal
from telephony.providers.dialling import DialFailed, Dialled, Ringing
from telephony.states import BEING_DIALLED, CallState, LegKind
from tests.telephony.test_distribution_states import EXAMPLES, Commits, SmallDesk, one_of, pick

NUMBERS = ("+8613800138000", "+8613900139000")
FAILURES = st.sampled_from(["busy", "no_answer", "failed"])


class CallingDesk(SmallDesk):
    """The small desk with a line of its own; customers call from the numbers that it calls."""

    def __init__(self) -> None:
        super().__init__()
        PhoneLine.objects.create(name="Main", number="+862151008000", queue=self.queues[0])
        self.said = 0

    @rule(which=pick, number=st.sampled_from(NUMBERS))
    def agent_dials(self, which: int, number: str) -> None:
        self.attempt(place_call, number, by=self.agents[which % 3])

    @rule(which=pick, kind=st.sampled_from([Dialled, Ringing, Ringing]))
    def carrier_tells(self, which: int, kind: type[Signal]) -> None:
        self.says(which, kind, external_id="x")

    @rule(which=pick, reason=FAILURES)
    def nobody_answers(self, which: int, reason: str) -> None:
        self.says(which, DialFailed, reason=reason)

    @rule(which=pick)
    def caller_wants_to_be_called(self, which: int) -> None:
        waiting = Call.objects.filter(direction="in", state__in=[CallState.QUEUED, CallState.OFFERING])
        call = one_of(waiting.order_by("pk"), which)
        if call is not None:
            self.attempt(request_callback, call.pk)

    @rule(which=pick, number=st.sampled_from(NUMBERS), seconds=st.sampled_from([5, 40]))
    def agent_promises(self, which: int, number: str, seconds: int) -> None:
        at = self.desk.moment + timedelta(seconds=seconds)
        self.attempt(promise_call, number, by=self.agents[which % 3], at=at)

    @rule(which=pick)
    def promise_is_called_off(self, which: int) -> None:
        callback = one_of(Callback.objects.order_by("pk"), which)
        if callback is not None:
            self.attempt(call_off, callback.pk, by=self.agents[0])

    @invariant()
    def nothing_is_owed_twice(self) -> None:
        """Constraints hold one promise and one missed row per number; nobody is dialled before an agent is there."""
        in_line = Callback.objects.filter(state=Callback.State.IN_LINE).select_related("call")
        assert not [callback for callback in in_line if callback.call is None or not callback.call.is_live]
        for call in Call.objects.filter(state__in=BEING_DIALLED):
            dialled = ProviderCommand.objects.filter(call=call, step="dial").count()
            assert dialled <= 1
            assert not dialled or call.legs.filter(kind=LegKind.AGENT, joined_at__isnull=False).exists()
        assert MissedCall.objects.filter(closed_at=None).count() <= len(NUMBERS)

    def says(self, which: int, kind: type[Signal], **more: Any) -> None:
        call = one_of(Call.objects.filter(direction="out").order_by("pk"), which)
        if call is not None:
            self.said += 1
            names = {"provider": call.provider, "provider_call_id": call.provider_call_id}
            self.desk.do(fold, kind(**names, token=f"said-{self.said}", **more))
            self.swept = False

    def attempt(self, action: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Somebody may always come too late, and some calls may not be placed."""
        with suppress(MovedOn, PermissionDenied, DialRefused, Callback.DoesNotExist):
            self.desk.do(action, *args, **kwargs)
        self.swept = False


@pytest.mark.django_db
def test_random_stories_of_calling_never_break_an_invariant(
    carriers: None, django_capture_on_commit_callbacks: Commits
) -> None:
    CallingDesk.commits = staticmethod(django_capture_on_commit_callbacks)
    run_state_machine_as_test(
        CallingDesk,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
