"""Offers committed a second: 200 ready agents, 500 callers in five queues, one distributing process."""

import argparse
import time
from collections.abc import Iterator

from bench.figures import Figure
from crmcore import clock
from crmcore.actions import people
from crmcore.models import AgentPresence, Queue, QueueMembership
from telephony.actions.calls import receive_call
from telephony.actions.distribution import distribute
from telephony.models import Offer
from telephony.providers.base import Incoming
from telephony.states import OfferState

AGENTS, CALLERS, QUEUES = 200, 500, 5


def run(options: argparse.Namespace) -> Iterator[Figure]:
    queues = _queues()
    start = time.perf_counter()
    for number in range(CALLERS):
        signal = Incoming(
            provider="simulated",
            provider_call_id=f"bench-{number}",
            token=f"bench-{number}",
            from_number=f"+1202555{number:04d}",
            context={"queue_id": queues[number % QUEUES].pk, "patience_s": 3600, "talk_s": 60},
        )
        receive_call(signal, now=clock.now())
    arrived = time.perf_counter() - start
    yield Figure("callers taken in, matched and queued", CALLERS / arrived, "/s")
    _agents(queues)
    start = time.perf_counter()
    made = distribute()
    took = time.perf_counter() - start
    pending = Offer.objects.filter(state=OfferState.PENDING).count()
    yield Figure("offers committed", made / took, "/s", f"{made} offers, {pending} ring")


def _queues() -> list[Queue]:
    team = people.create_team("bench", "Bench")
    return [Queue.objects.create(code=f"bench-{n}", name=f"Bench {n}", team=team) for n in range(QUEUES)]


def _agents(queues: list[Queue]) -> None:
    now = clock.now()
    for number in range(AGENTS):
        user = people.create_user(f"bench-{number}", name=f"Agent {number}", password=None, roles=["agent"], by=None)
        QueueMembership.objects.bulk_create(QueueMembership(queue=queue, user=user) for queue in queues)
        AgentPresence.objects.create(
            user=user, chosen="available", device_ok=True, last_seen_at=now, idle_since=now, state_since=now
        )
