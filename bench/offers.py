"""Offers committed a second, and how long a pair that exists waits for its offer: 1,000 agents, 500 callers."""

import argparse
import time
from collections.abc import Iterator

from django.db.models import Q

from bench.figures import Figure, Times
from bench.floor import Floor
from telephony.actions.distribution import distribute
from telephony.models import Offer
from telephony.states import OfferState

AGENTS, CALLERS = 1_000, 500
EVENTS = 200


def run(options: argparse.Namespace) -> Iterator[Figure]:
    floor = Floor.of("offers", AGENTS)
    start = time.perf_counter()
    for number in range(CALLERS):
        floor.call(number)
    yield Figure("callers taken in, matched and queued", CALLERS / (time.perf_counter() - start), "/s")
    freed = Times([_agent_gets_ready(floor, agent) for agent in floor.agents[:EVENTS]])
    yield Figure("pair exists to offer committed, median", freed.median, "ms", "500 callers wait, one agent gets ready")
    yield Figure("pair exists to offer committed, p95", freed.p95, "ms", "aim 100")
    floor.stand_ready(floor.agents)
    start = time.perf_counter()
    made = distribute()
    took = time.perf_counter() - start
    pending = Offer.objects.filter(state=OfferState.PENDING).count()
    yield Figure("offers committed", made / took, "/s", f"{made} offers, {pending} ring, aim 50")
    floor.take_back()
    floor.clear_line()


def _agent_gets_ready(floor: Floor, agent: int) -> float:
    """Milliseconds from the commit that made the agent free to the commit of the offer."""
    floor.stand_ready([agent])
    start = time.perf_counter()
    made = distribute(Q(user_id=agent))
    took = 1000 * (time.perf_counter() - start)
    floor.take_back()
    if made != 1:
        raise RuntimeError("no offer was made")
    return took
