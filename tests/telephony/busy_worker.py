"""One of the processes that work a busy desk at random, over real commits, until it is told to stop or is killed."""

import random
import time
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Event as Flag
from typing import Any

from django.db import connections
from django.db.models import Q

from crmcore import clock
from crmcore.actions import presence
from telephony.actions.evidence import signal_of
from telephony.actions.fold import fold
from telephony.actions.sweep import sweep
from telephony.models import Call, CallEvent, CallLeg
from telephony.providers.base import CallerHungUp, Incoming, LegJoined, LegLost
from telephony.states import CallState, LegKind, LegState
from tests.telephony.deeds import TOO_LATE, Deeds, Staff

TICK_S = 0.5
LIVE_CALLS = 10
NUMBERS = ("+8613800138000", "+8613900139000", "anonymous")


@dataclass(frozen=True)
class Orders:
    """What a worker is told."""

    seed: int
    staff: Staff


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


class BusyWorker(Deeds):
    """Is desk and carrier at once: it also tells what callers and their lines do."""

    def __init__(self, orders: Orders) -> None:
        super().__init__(orders.staff, random.Random(orders.seed))
        self.seed = orders.seed
        self.swept_at = 0.0
        told = [(self.call, 4), (self.join, 16), (self.lose, 1), (self.caller_hangs_up, 3), (self.repeat, 4)]
        self.weighted += told

    def step(self) -> None:
        if time.monotonic() - self.swept_at > TICK_S:
            presence.device_seen(self.staff.steady)
            presence.device_seen(agent for agent in self.staff.shaky if self.dice.random() < 0.7)
            sweep()
            self.swept_at = time.monotonic()
        with suppress(*TOO_LATE):
            self.one()

    def call(self) -> None:
        if Call.objects.exclude(state=CallState.ENDED).count() < LIVE_CALLS:
            call_id = f"{self.seed}-{self.dice.getrandbits(60):x}"
            context = {"queue_id": self.dice.choice(self.staff.queues)}
            number = self.dice.choice(NUMBERS)
            fold(Incoming(**names(call_id), from_number=number, context=context))

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
        call = self.live()
        if call is not None:
            fold(CallerHungUp(**names(call.provider_call_id)))

    def repeat(self) -> None:
        event = self.one_of(CallEvent.objects.order_by("-pk")[:50])
        if event is not None:
            fold(signal_of(event))


def names(call_id: str) -> dict[str, Any]:
    """What every signal of a call says. Two processes that tell the same within a moment tell one happening."""
    moment = clock.now()
    return {
        "provider": "quiet",
        "provider_call_id": call_id,
        "token": f"{call_id}:{moment.timestamp():.2f}",
        "occurred_at": moment,
    }
