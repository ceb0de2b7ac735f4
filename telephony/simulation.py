"""Simulated callers at work: they arrive at random, lose patience, talk, and hang up, all through the real desk."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import count
from uuid import uuid4

import structlog

from crmcore import clock
from crmcore.models import ContactPoint, Queue
from telephony.actions.fold import fold
from telephony.flows.speech import question
from telephony.flows.walk import Position
from telephony.models import Call, PhoneLine
from telephony.providers.base import CallerHungUp, DigitsEntered, Incoming
from telephony.providers.simulated.callers import SimulatedCaller, callers
from telephony.providers.simulated.provider import SimulatedProvider
from telephony.states import IN_CONVERSATION, WAITING, CallState

log = structlog.get_logger(__name__)

STEP_S = 0.5
THINKS_FOR = timedelta(seconds=3)
KNOWN_NUMBERS = 500


def run_simulated_callers(
    rate_per_minute: float,
    seed: int | None = None,
    duration_s: float | None = None,
    *,
    sleep: Callable[[float], None] = time.sleep,
) -> int:
    """Let people call at this rate, for ever or for `duration_s` seconds; how many called.

    The same seed brings the same people in the same order. Calls left at the end leave by their own patience.
    """
    run = uuid4().hex[:12]
    people = _people(rate_per_minute, seed)
    started = clock.now()
    ends_at = started + timedelta(seconds=duration_s) if duration_s is not None else None
    person = next(people)
    due = started + timedelta(seconds=person.pause_s)
    for number in count(1):
        while (now := clock.now()) < due:
            if ends_at is not None and now >= ends_at:
                return number - 1
            let_go()
            sleep(min(STEP_S, max(0.0, (due - now).total_seconds())))
        _ring(person, f"{run}-{number}")
        person = next(people)
        due += timedelta(seconds=person.pause_s)
    return 0


def let_go() -> int:
    """Simulated callers whose patience or wish to talk is over hang up; how many did."""
    left = 0
    live = Call.objects.filter(provider=SimulatedProvider.code).exclude(state=CallState.ENDED)
    for call in live.select_related("flow_version"):
        if call.state == CallState.IVR:
            _press_a_key(call)
        if _has_had_enough(call):
            fold(
                CallerHungUp(
                    provider=call.provider,
                    provider_call_id=call.provider_call_id,
                    token=f"{call.provider_call_id}:left",
                    occurred_at=clock.now(),
                )
            )
            left += 1
    return left


def _press_a_key(call: Call) -> None:
    """Answer the menu's question after a moment of thought; numbers are at nobody's hand."""
    if call.flow_version is None or clock.now() < call.state_since + THINKS_FOR:
        return
    position = Position.of(call.menu)
    asked = question(call.flow_version.read(), position)
    if asked is None or asked.is_number:
        return
    choice = asked.choices[(call.pk + position.turn) % len(asked.choices)]
    fold(
        DigitsEntered(
            provider=call.provider,
            provider_call_id=call.provider_call_id,
            token=f"{call.provider_call_id}:key:{position.turn}",
            turn=position.turn,
            digits=choice.key,
        )
    )


def _people(rate_per_minute: float, seed: int | None) -> Iterator[SimulatedCaller]:
    points = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value__startswith="+")
    demo = points.filter(contact__is_demo=True) | points.filter(account__is_demo=True)
    numbers = list(demo.order_by("value", "pk").values_list("value", flat=True)[:KNOWN_NUMBERS])
    codes = list(Queue.objects.filter(is_active=True).order_by("position", "pk").values_list("code", flat=True))
    return callers(rate_per_minute, seed=seed, numbers=numbers, queue_codes=codes)


def _ring(person: SimulatedCaller, call_id: str) -> None:
    queue = Queue.objects.filter(code__in=person.intent.queue_codes, is_active=True).order_by("position").first()
    line = PhoneLine.objects.filter(queue=queue, is_active=True).exclude(flow=None).first()
    fold(
        Incoming(
            provider=SimulatedProvider.code,
            provider_call_id=call_id,
            token=f"{call_id}:incoming",
            from_number=person.number,
            to_number=line.number if line else "",
            occurred_at=clock.now(),
            context={
                "intent": person.intent.code,
                "patience_s": round(person.patience_s, 1),
                "talk_s": round(person.talk_s, 1),
                "queue_id": queue.pk if queue and not line else None,
                "is_demo": True,
            },
        )
    )


def _has_had_enough(call: Call) -> bool:
    if call.state in IN_CONVERSATION and call.answered_at is not None:
        limit, since = call.context.get("talk_s"), call.answered_at
    elif call.state in WAITING:
        limit, since = call.context.get("patience_s"), call.queued_at or call.started_at
    else:
        return False
    return limit is not None and clock.now() >= since + timedelta(seconds=float(limit))
