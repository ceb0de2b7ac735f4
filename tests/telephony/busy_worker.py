"""One of the processes that work a busy desk at random, over real commits, until it is told to stop or is killed."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event as Flag
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import connections
from django.db.models import Q

from crmcore import clock
from crmcore.actions import presence
from crmcore.models import Outcome, Queue, User
from crmcore.models.presence import Chosen
from telephony.actions import consults
from telephony.actions.calls import hang_up, hold_call, resume_call
from telephony.actions.evidence import signal_of
from telephony.actions.fold import fold
from telephony.actions.in_hand import Busy
from telephony.actions.offers import accept_offer, reject_offer
from telephony.actions.sweep import sweep
from telephony.actions.transfers import transfer_to_queue
from telephony.actions.transitions import MovedOn
from telephony.actions.wrap_up import finish_wrap_up
from telephony.models import Call, CallEvent, CallLeg, Offer
from telephony.providers.base import CallerHungUp, Incoming, LegJoined, LegLost
from telephony.states import IN_CONVERSATION, CallState, LegKind, LegState, OfferState

TOO_LATE = (Busy, MovedOn, PermissionDenied, ObjectDoesNotExist)
TICK_S = 0.5
FIRST = 0.7
LIVE_CALLS = 10
NUMBERS = ("+8613800138000", "+8613900139000", "anonymous")


@dataclass(frozen=True)
class Orders:
    """What a worker is told: agents whose screens live on, agents whose screens come and go, queues to call."""

    seed: int
    steady: tuple[int, ...]
    shaky: tuple[int, ...]
    queues: tuple[int, ...]


def work(orders: Orders, stop: Flag, troubles: "SimpleQueue[str]") -> None:
    """Do random things until `stop`; anything unexpected is reported in `troubles`."""
    connections.close_all()
    worker = BusyWorker(orders)
    try:
        while not stop.is_set():
            worker.step()
    except Exception as error:
        troubles.put(f"{type(error).__name__}: {error}")
        raise


class BusyWorker:
    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.dice = random.Random(orders.seed)
        self.swept_at = 0.0
        self.deeds: list[tuple[Callable[[], None], int]] = [
            (self.call, 4),
            (self.accept, 8),
            (self.reject, 1),
            (self.join, 16),
            (self.lose, 1),
            (self.caller_hangs_up, 3),
            (self.agent_hangs_up, 2),
            (self.hold_or_resume, 2),
            (self.consult, 3),
            (self.turn_consultation, 4),
            (self.pass_on, 1),
            (self.wrap_up, 5),
            (self.choose, 2),
            (self.repeat, 4),
        ]

    def step(self) -> None:
        if time.monotonic() - self.swept_at > TICK_S:
            presence.device_seen(self.orders.steady)
            presence.device_seen(agent for agent in self.orders.shaky if self.dice.random() < 0.7)
            sweep()
            self.swept_at = time.monotonic()
        deeds, weights = zip(*self.deeds, strict=True)
        with suppress(*TOO_LATE):
            self.dice.choices(deeds, weights)[0]()

    def call(self) -> None:
        if Call.objects.exclude(state=CallState.ENDED).count() < LIVE_CALLS:
            call_id = f"{self.orders.seed}-{self.dice.getrandbits(60):x}"
            context = {"queue_id": self.dice.choice(self.orders.queues)}
            number = self.dice.choice(NUMBERS)
            fold(Incoming(**names(call_id), from_number=number, context=context))

    def accept(self) -> None:
        offer = self.one_of(Offer.objects.filter(state=OfferState.PENDING).select_related("agent"))
        if offer is not None:
            accept_offer(offer.pk, by=offer.agent)

    def reject(self) -> None:
        offer = self.one_of(Offer.objects.filter(state=OfferState.PENDING).select_related("agent"))
        if offer is not None:
            reject_offer(offer.pk, by=offer.agent)

    def join(self) -> None:
        coming = Q(call__state=CallState.CONNECTING) | Q(kind=LegKind.CONSULT, state=LegState.INVITED)
        self.tell_of_leg(LegJoined, CallLeg.objects.filter(coming))

    def lose(self) -> None:
        self.tell_of_leg(LegLost, CallLeg.objects.exclude(call__state=CallState.ENDED))

    def tell_of_leg(self, kind: type[LegJoined] | type[LegLost], legs: Any) -> None:
        leg = self.one_of(legs.exclude(state=LegState.LEFT).select_related("call"))
        if leg is not None:
            leg_id = None if leg.kind == LegKind.CUSTOMER else leg.pk
            fold(kind(**names(leg.call.provider_call_id), leg_id=leg_id))

    def caller_hangs_up(self) -> None:
        call = self.one_of(Call.objects.exclude(state=CallState.ENDED))
        if call is not None:
            fold(CallerHungUp(**names(call.provider_call_id)))

    def agent_hangs_up(self) -> None:
        call = self.one_of(Call.objects.filter(state__in=IN_CONVERSATION).select_related("agent"))
        if call is not None:
            hang_up(call.pk, by=call.agent)

    def hold_or_resume(self) -> None:
        call = self.one_of(Call.objects.filter(state__in=IN_CONVERSATION).select_related("agent"))
        if call is not None:
            self.dice.choice([hold_call, resume_call])(call.pk, by=call.agent)

    def consult(self) -> None:
        call = self.one_of(Call.objects.filter(state__in=IN_CONVERSATION).select_related("agent"))
        if call is not None:
            colleague = User.objects.get(pk=self.dice.choice(self.orders.steady + self.orders.shaky))
            consults.consult(call.pk, colleague, by=call.agent)

    def turn_consultation(self) -> None:
        with_side = CallLeg.objects.filter(kind=LegKind.CONSULT).exclude(state=LegState.LEFT)
        leg = self.one_of(with_side.select_related("call__agent", "agent"))
        if leg is not None:
            turn = self.dice.choice([consults.swap, consults.merge, consults.complete, consults.cancel_consult, None])
            if turn is None:
                consults.leave_call(leg.call_id, by=leg.agent)
            else:
                turn(leg.call_id, by=leg.call.agent)

    def pass_on(self) -> None:
        call = self.one_of(Call.objects.filter(state__in=IN_CONVERSATION).select_related("agent"))
        if call is not None:
            queue = Queue.objects.get(pk=self.dice.choice(self.orders.queues))
            transfer_to_queue(call.pk, queue, by=call.agent)

    def wrap_up(self) -> None:
        legs = CallLeg.objects.filter(wrap_up_started_at__isnull=False, wrap_up_ended_at=None)
        leg = self.one_of(legs.select_related("agent"))
        if leg is not None:
            outcome = Outcome.objects.filter(queue=None).order_by("?").first()
            assert outcome is not None
            finish_wrap_up(leg.pk, by=leg.agent, outcome=outcome)

    def choose(self) -> None:
        agent = User.objects.get(pk=self.dice.choice(self.orders.steady + self.orders.shaky))
        presence.choose(agent, self.dice.choice([Chosen.AVAILABLE, Chosen.AVAILABLE, Chosen.AUX]), by=agent)

    def repeat(self) -> None:
        event = self.one_of(CallEvent.objects.order_by("-pk")[:50])
        if event is not None:
            fold(signal_of(event))

    def one_of(self, rows: Any) -> Any:
        """Mostly the first row, so that both processes often reach for the same one."""
        listed = list(rows)
        if not listed:
            return None
        return listed[0] if self.dice.random() < FIRST else self.dice.choice(listed)


def names(call_id: str) -> dict[str, Any]:
    """What every signal of a call says. Two processes that tell the same within a moment tell one happening."""
    moment = clock.now()
    return {
        "provider": "quiet",
        "provider_call_id": call_id,
        "token": f"{call_id}:{moment.timestamp():.2f}",
        "occurred_at": moment,
    }
