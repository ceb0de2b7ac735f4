"""The desk's own figures, read when Prometheus asks for them; `sources` is the list to extend."""

from collections.abc import Callable, Iterable

from prometheus_client import REGISTRY, Metric
from prometheus_client.metrics_core import GaugeMetricFamily
from prometheus_client.registry import Collector

from crmcore import clock
from crmcore.live import redis
from crmcore.models import AgentPresence, LiveEvent, Queue
from telephony.queries.board import queue_stats

registry = REGISTRY


def backlog() -> Iterable[Metric]:
    """Work that waits for the worker, and events that still wait to be pushed."""
    yield GaugeMetricFamily("desk_tasks_waiting", "Tasks in the broker's queue", value=redis().llen("celery"))
    unsent = LiveEvent.objects.count()
    yield GaugeMetricFamily("desk_live_events_unsent", "Events that no screen has heard yet", value=unsent)


def agents() -> Iterable[Metric]:
    """Agents by what they chose and what the system has them do."""
    family = GaugeMetricFamily("desk_agents", "Agents by state", labels=["chosen", "system"])
    counts: dict[tuple[str, str], int] = {}
    for state in AgentPresence.objects.values_list("chosen", "system"):
        counts[state] = counts.get(state, 0) + 1
    for state, number in counts.items():
        family.add_metric(list(state), number)
    yield family


def queues() -> Iterable[Metric]:
    """Callers waiting and agents ready, by queue."""
    waiting = GaugeMetricFamily("desk_queue_waiting", "Callers waiting", labels=["queue"])
    longest = GaugeMetricFamily("desk_queue_longest_wait_seconds", "Longest present wait", labels=["queue"])
    ready = GaugeMetricFamily("desk_queue_ready_agents", "Agents who could take a call", labels=["queue"])
    now = clock.now()
    for stats in queue_stats(Queue.objects.filter(is_active=True), since=now, now=now):
        wait = (now - stats.longest_since).total_seconds() if stats.longest_since else 0
        for family, value in ((waiting, stats.waiting), (longest, wait), (ready, stats.ready_agents)):
            family.add_metric([stats.queue.code], value)
    yield from (waiting, longest, ready)


sources: list[Callable[[], Iterable[Metric]]] = [backlog, agents, queues]


class _Desk(Collector):
    """Asks every source at each reading; nothing is counted in this process' memory."""

    def describe(self) -> Iterable[Metric]:
        return []

    def collect(self) -> Iterable[Metric]:
        for source in sources:
            yield from source()


registry.register(_Desk())
