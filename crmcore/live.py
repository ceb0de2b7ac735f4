"""The one door for telling screens that something changed; only actions come through it.

An event is a row in the outbox inside the transaction of the change, is pushed right after the commit, and is pushed
again by the relay when the pushing process died in between: at least once, never before the commit.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from functools import lru_cache
from typing import Any

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection, transaction
from redis import Redis, RedisError
from redis.commands.core import Script

from crmcore import clock
from crmcore.events import Event
from crmcore.models import LiveEvent

__all__ = [
    "GROUP",
    "Event",
    "bump",
    "is_silent",
    "publish",
    "publish_all",
    "push",
    "redis",
    "silence",
    "version_key",
    "whisper",
]

log = structlog.get_logger(__name__)

GROUP = "live"
_is_silent: ContextVar[bool] = ContextVar("live_is_silent", default=False)
# A counter lost with its server starts again at that server's present time (ms), so it still grows and every screen
# sees a gap.
_BUMP = """
local versions = {}
local time = redis.call('TIME')
local floor = time[1] * 1000 + math.floor(time[2] / 1000)
for i, key in ipairs(KEYS) do
  if redis.call('EXISTS', key) == 0 then redis.call('SET', key, string.format('%.0f', floor)) end
  versions[i] = redis.call('INCR', key)
end
return versions
"""


class _Batch(list[LiveEvent]):
    """The events of one transaction, pushed together when it commits."""

    def __init__(self) -> None:
        super().__init__()
        # Each different event, and the savepoints that were open when it was told.
        self.told: dict[tuple[str, Event], frozenset[str]] = {}

    def __call__(self) -> None:
        push(self)

    def knows(self, topic: str, event: Event) -> bool:
        """Whether the same was told before, in a part of the transaction that cannot roll back without this one."""
        told = self.told.get((topic, event))
        return told is not None and told <= frozenset(connection.savepoint_ids)


def publish(topic: str, event: Event) -> None:
    """Tell the listeners of `topic` after the present transaction commits; the same told twice is told once."""
    publish_all([(topic, event)])


def publish_all(news: Iterable[tuple[str, Event]]) -> None:
    """`publish` for several topics at once, in one statement."""
    if _is_silent.get():
        return
    known = next((entry[1] for entry in connection.run_on_commit if isinstance(entry[1], _Batch)), None)
    batch = known or _Batch()
    fresh = [(topic, event) for topic, event in dict.fromkeys(news) if not batch.knows(topic, event)]
    batch += LiveEvent.objects.bulk_create(
        LiveEvent(topic=topic, kind=event.kind, data=asdict(event), created_at=clock.stamp()) for topic, event in fresh
    )
    batch.told |= dict.fromkeys(fresh, frozenset(connection.savepoint_ids))
    if known is None and batch:
        transaction.on_commit(batch, robust=True)


@contextmanager
def silence() -> Iterator[None]:
    """Tell nobody what is published inside, by this thread or task alone: no screen shows the past being written."""
    before = _is_silent.set(True)
    try:
        yield
    finally:
        _is_silent.reset(before)


def whisper(topic: str, event: Event) -> None:
    """Tell those who listen right now and nobody later: no row, no version. What gets lost was worth nothing."""
    frames = [{"k": event.kind, "t": topic, "v": 0, "d": asdict(event)}]
    try:
        async_to_sync(get_channel_layer().group_send)(GROUP, {"type": "live.frames", "frames": frames})
    except (RedisError, OSError) as error:
        log.warning("live.whisper_failed", error=str(error))


def is_silent() -> bool:
    """Whether the past is being written, of which nobody is told."""
    return _is_silent.get()


def push(rows: list[LiveEvent]) -> None:
    """Send stored events, each different one once, and forget them. What cannot be sent stays for the relay."""
    unique = list({(row.topic, row.kind, json.dumps(row.data, sort_keys=True)): row for row in rows}.values())
    try:
        versions = bump([row.topic for row in unique])
        frames = [
            {"k": row.kind, "t": row.topic, "v": version, "d": row.data}
            for row, version in zip(unique, versions, strict=True)
        ]
        async_to_sync(get_channel_layer().group_send)(GROUP, {"type": "live.frames", "frames": frames})
    except (RedisError, OSError) as error:
        log.warning("live.push_failed", error=str(error), events=len(unique))
        return
    LiveEvent.objects.filter(pk__in=[row.pk for row in rows]).delete()


def bump(topics: list[str]) -> list[int]:
    """Raise the version of each topic by one (of a topic named twice by two) and return the new ones in order."""
    return list(_bump_script()(keys=[version_key(topic) for topic in topics]))


def version_key(topic: str) -> str:
    """The key of a topic's version counter in Redis."""
    layer: dict[str, Any] = settings.CHANNEL_LAYERS["default"]
    return f"{layer['CONFIG'].get('prefix', '')}live:v:{topic}"


@lru_cache(maxsize=1)
def redis() -> Redis:
    """This process's connection pool to Redis."""
    return Redis.from_url(settings.REDIS_URL, socket_timeout=2, socket_connect_timeout=1)


@lru_cache(maxsize=1)
def _bump_script() -> Script:
    return redis().register_script(_BUMP)
