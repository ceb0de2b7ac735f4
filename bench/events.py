"""What one event costs the distribution as the floor grows: it must follow the agents concerned, not the floor."""

import argparse
import time
from collections.abc import Callable, Iterator

from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from bench.figures import Figure, Times
from bench.floor import Floor
from telephony.actions.distribution import distribute

SIZES = (10, 100, 1_000)
WAITING = 100
EVENTS = 60


def run(options: argparse.Namespace) -> Iterator[Figure]:
    first: dict[str, float] = {}
    for size in SIZES:
        floor = Floor.of(f"events-{size}", size)
        for what, event in (("agent gets free, 100 wait", _agent_free), ("call comes, all are free", _call_comes)):
            times, statements = event(floor)
            growth = times.median / first.setdefault(what, times.median)
            place = f"{size:,} agents, {len(floor.queues)} queues"
            note = f"p95 {times.p95:.0f} ms, {statements} statements, {growth:.2f} x of the smallest"
            yield Figure(f"{what}: {place}", times.median, "ms", note)
            floor.take_back()
            floor.clear_line()


def _agent_free(floor: Floor) -> tuple[Times, int]:
    for number in range(WAITING):
        floor.call(number)

    def free(number: int) -> Q:
        agent = floor.agents[number % len(floor.agents)]
        floor.stand_ready([agent])
        return Q(user_id=agent)

    return _timed(floor, free)


def _call_comes(floor: Floor) -> tuple[Times, int]:
    floor.call(0)

    def come(number: int) -> Q:
        floor.stand_ready(floor.agents)
        return Q(user__queue_memberships__queue_id=floor.queues[0].pk)

    return _timed(floor, come)


def _timed(floor: Floor, prepare: Callable[[int], Q]) -> tuple[Times, int]:
    """Times of the event alone, and how many statements it takes."""
    runs = []
    for number in range(EVENTS + 1):
        concerned = prepare(number)
        start = time.perf_counter()
        distribute(concerned)
        runs.append(1000 * (time.perf_counter() - start))
        floor.take_back()
    with CaptureQueriesContext(connection) as queries:
        distribute(prepare(0))
    floor.take_back()
    return Times(runs[1:]), len(queries)
