"""The outbox, reconciling, foreign exchanges, and simulated callers."""

from datetime import timedelta
from typing import Any

import pytest

from crmcore import models
from crmcore.models.presence import SystemState
from crmcore.shipped_desk import install_desk
from telephony import simulation
from telephony.actions.calls import hang_up, hold_call, resume_call
from telephony.actions.fold import fold
from telephony.actions.reconcile import reconcile
from telephony.models import Call, ProviderCommand, QueueEntry
from telephony.providers.base import AgentAnswered, AgentRang, Arrange, CallFinished, DropLeg
from telephony.providers.simulated.callers import callers
from telephony.states import CallOutcome, CallState, EndReason, EntryEnd, OfferEnd, OfferState
from tests.telephony.carriers import QuietCarrier
from tests.telephony.desk import Desk


def verbs() -> list[str]:
    return [command.verb for command in QuietCarrier.sent]


def test_commands_follow_the_story(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    desk.do(hold_call, call.pk, by=mei)
    desk.do(resume_call, call.pk, by=mei)
    desk.do(hang_up, call.pk, by=mei)
    assert verbs() == ["connect_agent", "redirect_caller", "arrange", "arrange", "hang_up"]
    assert set(ProviderCommand.objects.values_list("fate", flat=True)) == {"sent"}


def test_two_legs_that_come_too_late_are_both_dropped(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.talk(desk.call(queue=desk.queue))
    first = desk.agent_leg(call)
    desk.at_screen.clear()
    desk.loses(call, first)
    desk.wait(61)
    desk.new_agent("omar")
    desk.wait(1)
    desk.hangs_up(desk.talk(call))
    second = desk.agent_leg(call)
    QuietCarrier.sent.clear()
    for leg in (first, second, first):
        desk.joins(call, leg)
    assert [command.leg_id for command in QuietCarrier.sent if isinstance(command, DropLeg)] == [first.pk, second.pk]


def test_broken_carrier_is_asked_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    monkeypatch.setattr(QuietCarrier, "broken", True)
    desk.do(hang_up, call.pk, by=mei)
    command = ProviderCommand.objects.get(step="hang_up")
    assert (command.done_at, command.attempts, command.error) == (None, 1, "no line to the carrier")
    monkeypatch.setattr(QuietCarrier, "broken", False)
    desk.wait(5)
    assert "hang_up" in verbs()


def test_carrier_that_stays_broken_is_given_up(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    monkeypatch.setattr(QuietCarrier, "broken", True)
    desk.do(hang_up, call.pk, by=mei)
    for _ in range(6):
        desk.wait(40)
    assert ProviderCommand.objects.get(step="hang_up").fate == ProviderCommand.Fate.FAILED


def test_command_of_a_state_long_gone_is_not_sent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mei = desk.new_agent("mei")
    call = desk.talk(desk.call())
    monkeypatch.setattr(QuietCarrier, "broken", True)
    desk.do(hold_call, call.pk, by=mei)
    monkeypatch.setattr(QuietCarrier, "broken", False)
    desk.do(resume_call, call.pk, by=mei)
    desk.wait(5)
    sent = [command for command in QuietCarrier.sent if isinstance(command, Arrange)]
    assert [voice.is_held for command in sent for voice in command.voices] == [False, False]
    first = ProviderCommand.objects.filter(step="arrange").earliest("pk")
    assert first.fate == ProviderCommand.Fate.OBSOLETE


def test_quiet_call_that_lives_is_left_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuietCarrier, "live", True)
    call = desk.call()
    desk.wait(61)
    assert desk.do(reconcile) == 0
    assert desk.again(call).last_evidence_at == desk.moment


def test_quiet_call_that_is_over_is_reconciled(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QuietCarrier, "live", False)
    desk.new_agent("mei")
    call = desk.talk(desk.call())
    desk.wait(30)
    assert desk.do(reconcile) == 0
    desk.wait(31)
    assert desk.do(reconcile) == 1
    call = desk.again(call)
    assert (call.state, call.outcome, call.end_reason) == (
        CallState.ENDED,
        CallOutcome.COMPLETED,
        EndReason.RECONCILED,
    )


def signal_names(call: Call, token: str) -> dict[str, Any]:
    return {"provider": call.provider, "provider_call_id": call.provider_call_id, "token": token}


def test_foreign_exchange_is_watched_not_served(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(provider="foreign")
    assert (call.state, QueueEntry.objects.filter(call=call, left_at=None).count()) == (CallState.NEW, 1)
    desk.do(fold, AgentRang(**signal_names(call, "rang"), agent_id=mei.pk))
    assert desk.last_offer(call).agent == mei
    assert desk.presence(mei).system == SystemState.RESERVED
    desk.do(fold, AgentAnswered(**signal_names(call, "answered"), agent_id=mei.pk))
    call = desk.again(call)
    assert (call.state, call.agent) == (CallState.TALKING, mei)
    desk.do(fold, CallFinished(**signal_names(call, "over"), by="customer"))
    assert desk.presence(mei).system == SystemState.WRAPUP
    assert QueueEntry.objects.get(call=call).left_as == EntryEnd.ANSWERED


def test_foreign_call_answered_by_somebody_else_stops_ringing_here(desk: Desk) -> None:
    mei, omar = desk.new_agent("mei"), desk.new_agent("omar")
    call = desk.call(provider="foreign")
    desk.do(fold, AgentRang(**signal_names(call, "rang"), agent_id=mei.pk))
    desk.do(fold, AgentAnswered(**signal_names(call, "answered"), agent_id=omar.pk))
    assert desk.last_offer(call).end_reason == OfferEnd.OTHER_AGENT
    assert desk.presence(mei).system == SystemState.IDLE
    assert desk.again(call).agent == omar


def test_foreign_call_nobody_answers_is_a_missed_call(desk: Desk) -> None:
    mei = desk.new_agent("mei")
    call = desk.call(provider="foreign")
    desk.do(fold, AgentRang(**signal_names(call, "rang"), agent_id=mei.pk))
    desk.do(fold, CallFinished(**signal_names(call, "over"), by="customer"))
    assert desk.again(call).outcome == CallOutcome.ABANDONED


def test_simulated_call_talks_as_soon_as_it_is_accepted(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call(provider="simulated", talk_s=30, patience_s=60)
    desk.accept(call)
    assert desk.again(call).state == CallState.TALKING
    assert desk.last_offer(call).state == OfferState.CONNECTED


def test_simulated_caller_hangs_up_after_the_talk(desk: Desk) -> None:
    desk.new_agent("mei")
    call = desk.call(provider="simulated", talk_s=30, patience_s=60)
    desk.accept(call)
    desk.wait(29)
    assert desk.do(simulation.let_go) == 0
    desk.wait(1)
    assert desk.do(simulation.let_go) == 1
    assert desk.again(call).outcome == CallOutcome.COMPLETED


def test_simulated_caller_loses_patience(desk: Desk) -> None:
    call = desk.call(provider="simulated", talk_s=30, patience_s=20)
    desk.wait(20)
    desk.do(simulation.let_go)
    assert desk.again(call).outcome == CallOutcome.ABANDONED


def test_simulated_call_ends_even_if_its_program_is_gone(desk: Desk) -> None:
    call = desk.call(provider="simulated", talk_s=30, patience_s=20)
    desk.wait(61)
    desk.do(reconcile)
    assert desk.again(call).state == CallState.ENDED


def test_same_seed_brings_the_same_people() -> None:
    def first_ten(seed: int) -> list[object]:
        people = callers(30, seed=seed, numbers=["+8613800138000"], queue_codes=["billing", "repairs"])
        return [next(people) for _ in range(10)]

    assert first_ten(7) == first_ten(7) != first_ten(8)


def test_rate_is_kept_on_average() -> None:
    people = callers(60, seed=1, numbers=[], queue_codes=["billing"])
    pauses = [next(people).pause_s for _ in range(2_000)]
    assert 0.9 < sum(pauses) / len(pauses) < 1.1


def test_callers_keep_calling_for_the_time_given(desk: Desk) -> None:
    install_desk(models)

    def sleep(seconds: float) -> None:
        desk.moment += timedelta(seconds=seconds)

    class MovingClock:
        @staticmethod
        def now() -> Any:
            return desk.moment

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(simulation, "clock", MovingClock)
        made = simulation.run_simulated_callers(60, seed=3, duration_s=20, sleep=sleep)
    assert made == Call.objects.filter(provider="simulated").count() > 5
