"""The sweeper: whatever must end and has not, ends here. Safe to run anywhere, any number of times at once."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from crmcore import clock
from crmcore.actions import presence
from crmcore.models import AgentPresence
from crmcore.models.presence import Chosen, SystemState
from telephony.actions.after_call import enter_answers
from telephony.actions.callbacks import callbacks_due, drop_attempt, orphaned_attempts, place_due
from telephony.actions.commands import deliver_due
from telephony.actions.distribution import distribute, distribute_soon
from telephony.actions.endings import end_call
from telephony.actions.fold import fold_pending
from telephony.actions.joins import leg_lost
from telephony.actions.lost_legs import (
    agent_silent,
    broken_for_too_long,
    fallen_silent,
    give_up_leg,
    join_failed,
    take_back_seen,
)
from telephony.actions.menus import menu_due
from telephony.actions.offers import withdraw_offer
from telephony.actions.outside import give_up_party, unanswered
from telephony.actions.overflow import flow_out
from telephony.actions.parking import return_parked
from telephony.actions.queueing import resume_waiting
from telephony.actions.recording import follow_due
from telephony.actions.recording_store import sweep_recordings
from telephony.actions.voicemail import ask_for_voicemails
from telephony.actions.wrap_up import expire_wrap_up
from telephony.models import Call, CallEvent, CallLeg, Offer, OverflowRule
from telephony.providers.registry import provider_of
from telephony.queries.overflow import overflowing
from telephony.states import CallOutcome, CallState, EndReason, LegState, OfferEnd, OfferState, Party

log = structlog.get_logger(__name__)
Key = TypeVar("Key")

AT_ONCE = 200
SILENT_AFTER = timedelta(seconds=10)
STRANDED_AFTER = timedelta(seconds=1)
LEFT_BEHIND_AFTER = timedelta(seconds=2)
WENT_HOME_AFTER = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=1)


def sweep() -> None:
    """End what is due, heal what a killed process left behind, then distribute."""
    now = clock.now()
    _each(_offers_due(now), _expire_offer, now)
    _each(_calls_due(now), _expire_call, now)
    _alone(_overflow, now)
    take_back_seen()
    _each(broken_for_too_long(now), _give_up_leg, now)
    _each(unanswered(now), _give_up_party, now)
    _each(fallen_silent(now, _reporting_providers()), _mark_lost, now)
    _each(_wrap_ups_due(now), _expire_wrap_up, now)
    _each(_wrap_ups_left(now), _expire_wrap_up, now)
    _each(_silent_agents(now), _agent_silent, now)
    _each(presence.due_to_return(now), _return_agent, now)
    _each(_stranded_agents(now), _free_stranded, now)
    _each(orphaned_attempts(now), drop_attempt, now)
    _each(callbacks_due(now), place_due, now)
    for step in (deliver_due, enter_answers, ask_for_voicemails, follow_due, sweep_recordings, _fold_left_behind):
        _alone(step, now)
    distribute()


def _overflow(now: datetime) -> None:
    """Callers whom a rule of their queue sends elsewhere."""
    rules = dict(overflowing(now))
    _each(rules, lambda call_id, at: _flow_out(call_id, rules[call_id], at), now)


def _flow_out(call_id: int, rule_id: int, now: datetime) -> None:
    call, rule = _claim(call_id), OverflowRule.objects.select_related("to_queue", "to_flow").filter(pk=rule_id).first()
    if call is not None and rule is not None:
        flow_out(call, rule, now=now)


def _each(keys: Iterable[Key], act: Callable[[Key, datetime], None], now: datetime) -> None:
    """Every row in its own transaction: one that cannot be handled, for whatever reason, keeps no other waiting."""
    for key in keys:
        try:
            with transaction.atomic():
                act(key, now)
        except Exception:
            log.exception("telephony.sweep_failed", step=act.__name__, row=key)


def _alone(step: Callable[[datetime], None], now: datetime) -> None:
    """A step of the sweep whose fault keeps no other step from being taken."""
    try:
        step(now)
    except Exception:
        log.exception("telephony.sweep_failed", step=step.__name__)


def _claim(call_id: int) -> Call | None:
    """The call, locked; None while another process works on it."""
    calls = Call.objects.select_for_update(of=("self",), skip_locked=True).select_related("queue", "line")
    return calls.filter(pk=call_id).exclude(state=CallState.ENDED).first()


def _offers_due(now: datetime) -> list[int]:
    due = Offer.objects.filter(state=OfferState.PENDING, expires_at__lte=now)
    return list(due.order_by("expires_at").values_list("pk", flat=True)[:AT_ONCE])


def _expire_offer(offer_id: int, now: datetime) -> None:
    call = _claim(Offer.objects.values_list("call_id", flat=True).get(pk=offer_id))
    if call is None:
        return
    offer = Offer.objects.get(pk=offer_id)
    if offer.state == OfferState.PENDING:
        withdraw_offer(call, offer, OfferEnd.TIMEOUT, now=now)


def _calls_due(now: datetime) -> list[int]:
    due = Call.objects.filter(state_deadline__lte=now).exclude(state=CallState.ENDED)
    return list(due.order_by("state_deadline").values_list("pk", flat=True)[:AT_ONCE])


def _expire_call(call_id: int, now: datetime) -> None:
    call = _claim(call_id)
    if call is None or call.state_deadline is None or call.state_deadline > now:
        return
    match call.state:
        case CallState.NEW:
            end_call(call, by=Party.SYSTEM, reason=EndReason.NO_PROGRESS, outcome=CallOutcome.FAILED, now=now)
        case CallState.IVR:
            menu_due(call, now=now)
        case CallState.QUEUED | CallState.OFFERING | CallState.PARKED:
            _expire_wait(call, now)
        case CallState.CONNECTING:
            join_failed(call, now=now)
        case CallState.DIALING | CallState.RINGING:
            outcome = CallOutcome.NO_ANSWER if call.state == CallState.RINGING else CallOutcome.FAILED
            end_call(call, by=Party.SYSTEM, reason=EndReason.NO_PROGRESS, outcome=outcome, now=now)
        case CallState.TALKING | CallState.HELD | CallState.CONSULTING | CallState.FORWARDED:
            end_call(call, by=Party.SYSTEM, reason=EndReason.TIME_LIMIT, now=now)


def _expire_wait(call: Call, now: datetime) -> None:
    match call.state:
        case CallState.QUEUED:
            end_call(call, by=Party.SYSTEM, reason=EndReason.MAX_WAIT, outcome=CallOutcome.OVERFLOWED, now=now)
        case CallState.PARKED:
            return_parked(call, now=now)
        case CallState.OFFERING if not Offer.objects.filter(call=call).exclude(state=OfferState.CLOSED).exists():
            resume_waiting(call, now=now)


def _give_up_leg(leg_id: int, now: datetime) -> None:
    call, leg = _claim_leg(leg_id)
    if call is not None and leg is not None and (leg.lost_at is not None or leg.state == LegState.INVITED):
        give_up_leg(call, leg, now=now)


def _give_up_party(leg_id: int, now: datetime) -> None:
    call, leg = _claim_leg(leg_id)
    if call is not None and leg is not None:
        give_up_party(call, leg, now=now)


def _mark_lost(leg_id: int, now: datetime) -> None:
    call, leg = _claim_leg(leg_id)
    if call is not None and leg is not None:
        leg_lost(call, leg, now=now)


def _claim_leg(leg_id: int) -> tuple[Call | None, CallLeg | None]:
    call = _claim(CallLeg.objects.values_list("call_id", flat=True).get(pk=leg_id))
    leg = CallLeg.objects.filter(pk=leg_id).exclude(state=LegState.LEFT).first()
    return call, leg


def _reporting_providers() -> list[str]:
    codes = Call.objects.exclude(state=CallState.ENDED).order_by().values_list("provider", flat=True).distinct()
    return [code for code in codes if provider_of(code).capabilities.heartbeats]


def _wrap_ups_due(now: datetime) -> list[int]:
    due = CallLeg.objects.filter(wrap_up_ended_at=None, wrap_up_deadline__lte=now)
    return list(due.values_list("pk", flat=True)[:AT_ONCE])


def _wrap_ups_left(now: datetime) -> list[int]:
    """Wrap-ups without a time limit whose agents closed the console and went home."""
    gone = AgentPresence.objects.filter(system=SystemState.WRAPUP, deadline=None)
    agents = list(gone.filter(last_seen_at__lt=now - WENT_HOME_AFTER).values_list("user_id", flat=True)[:AT_ONCE])
    if not agents:
        return []
    open_ones = CallLeg.objects.filter(agent__in=agents, wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
    return list(open_ones.filter(wrap_up_deadline=None).values_list("pk", flat=True))


def _expire_wrap_up(leg_id: int, now: datetime) -> None:
    expire_wrap_up(leg_id)


def _silent_agents(now: datetime) -> list[int]:
    """Agents on duty whose screen has not reported itself; demo people who are away never had one to lose."""
    silent = AgentPresence.objects.filter(Q(last_seen_at=None) | Q(last_seen_at__lt=now - SILENT_AFTER))
    silent = silent.exclude(chosen=Chosen.OFFLINE).exclude(system__in=presence.OUTLIVES_DEVICE)
    silent = silent.exclude(user__is_demo=True, chosen=Chosen.AUX, last_seen_at=None)
    return list(silent.values_list("user_id", flat=True)[:AT_ONCE])


def _agent_silent(agent_id: int, now: datetime) -> None:
    offer = Offer.objects.filter(agent=agent_id).exclude(state=OfferState.CLOSED).first()
    call = _claim(offer.call_id) if offer else None
    if offer is not None and call is None:
        return
    agent_silent(agent_id, call, Offer.objects.get(pk=offer.pk) if offer else None, now=now)


def _return_agent(agent_id: int, now: datetime) -> None:
    if presence.return_to_ready(agent_id):
        distribute_soon(agent=agent_id)


def _stranded_agents(now: datetime) -> list[int]:
    """Agents past the deadline of a state that nothing holds them in any more."""
    late = AgentPresence.objects.filter(deadline__lte=now - STRANDED_AFTER).exclude(system=SystemState.IDLE)
    ringing = Offer.objects.filter(agent=OuterRef("user")).exclude(state=OfferState.CLOSED)
    wrapping = CallLeg.objects.filter(agent=OuterRef("user"), wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
    stranded = late.exclude(Exists(ringing)).exclude(Exists(wrapping))
    return list(stranded.values_list("user_id", flat=True)[:AT_ONCE])


def _free_stranded(agent_id: int, now: datetime) -> None:
    if agent_id in _stranded_agents(now):
        log.warning("telephony.stranded_agent", agent_id=agent_id)
        presence.set_system(agent_id, presence.AT_WORK, SystemState.IDLE)


def _fold_left_behind(now: datetime) -> None:
    """Signals of known calls that were stored but never applied."""
    known = Call.objects.filter(provider=OuterRef("provider"), provider_call_id=OuterRef("provider_call_id"))
    waiting = CallEvent.objects.filter(
        Exists(known),
        applied_at=None,
        received_at__range=(now - FORGOTTEN_AFTER, now - LEFT_BEHIND_AFTER),
    )
    _each(waiting.order_by().values_list("provider", "provider_call_id").distinct(), _fold_pending, now)


def _fold_pending(names: tuple[str, str], now: datetime) -> None:
    fold_pending(*names)
