"""One hub per event loop: it owns the process's only subscription and fans frames out to the local sockets.

A group membership per socket costs two task wake-ups per socket and frame inside the channel layer; one member that
hands frames on directly delivers seven to fourteen times as many.
"""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Coroutine, Iterable
from typing import Any, Protocol
from weakref import WeakKeyDictionary

import structlog
from channels.layers import get_channel_layer
from django.conf import settings
from redis import RedisError
from redis import asyncio as async_redis

from crmcore import live
from crmcore.actions import presence
from servicedesk.live.threads import in_thread
from servicedesk.live.watching import Watching
from telephony.actions.readiness import screen_opened

log = structlog.get_logger(__name__)

BEAT_S = 5.0
PRESENCE_S = 3.0
RECHECK_S = 60.0


class Socket(Protocol):
    """What the hub needs of a socket."""

    topics: set[str]

    @property
    def person_id(self) -> int | None: ...
    @property
    def is_agent(self) -> bool: ...

    def offer(self, text: str) -> None: ...
    async def recheck(self) -> None: ...


class Hub:
    """Sockets of one process by topic, and the tasks that feed them."""

    def __init__(self) -> None:
        self.sockets: set[Socket] = set()
        self.by_topic: dict[str, set[Socket]] = {}
        self.agents: Counter[int] = Counter()
        self.watching = Watching()
        self._started_at = time.monotonic()
        self._last_event: dict[str, float] = {}
        self._redis = async_redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2)
        self._ready = asyncio.Event()
        self._tasks = [
            asyncio.create_task(job) for job in (self._pump(), self._beats(), self._presence(), self._rechecks())
        ]

    async def ready(self) -> None:
        """Wait until the subscription stands, at most one second: without Redis a socket is still useful."""
        try:
            await asyncio.wait_for(self._ready.wait(), 1)
        except TimeoutError:
            log.warning("live.hub_waits_for_redis")

    def join(self, socket: Socket) -> None:
        self.sockets.add(socket)
        if not socket.is_agent or socket.person_id is None:
            return
        self.agents[socket.person_id] += 1
        if self.agents[socket.person_id] == 1:
            self._start(_careful(in_thread(screen_opened, socket.person_id)))

    async def leave(self, socket: Socket) -> None:
        """Forget the socket; an agent whose last socket this was has lost the device."""
        if socket not in self.sockets:
            return
        self.sockets.discard(socket)
        for topic in list(socket.topics):
            self.unlisten(socket, topic)
        person = socket.person_id
        if person is not None and person in self.agents:
            self.agents[person] -= 1
            if not self.agents[person]:
                del self.agents[person]
                await in_thread(presence.device_lost, person)

    def listen(self, socket: Socket, topic: str) -> None:
        socket.topics.add(topic)
        self.by_topic.setdefault(topic, set()).add(socket)

    def unlisten(self, socket: Socket, topic: str) -> None:
        socket.topics.discard(topic)
        listeners = self.by_topic.get(topic, set())
        listeners.discard(socket)
        if not listeners:
            self.by_topic.pop(topic, None)

    async def confirm(self, socket: Socket, topics: Iterable[str]) -> None:
        """Answer a subscription with versions; by `age` a page older than the last event knows to refetch."""
        names = list(topics)
        try:
            versions = await self.versions(names)
        except (RedisError, OSError):
            versions = {}
        for name in names:
            socket.offer(_text({"k": "subscribed", "t": name, "v": versions.get(name, 0), "age": self.age_ms(name)}))

    def greet(self, socket: Socket) -> None:
        """The first beat: the server's time, before any topic is known."""
        socket.offer(_beat_text({}))

    async def versions(self, topics: Iterable[str]) -> dict[str, int]:
        """Present version of each topic, by one round trip. Raises RedisError."""
        names = list(topics)
        if not names:
            return {}
        values = await self._redis.mget([live.version_key(name) for name in names])
        return {name: int(value or 0) for name, value in zip(names, values, strict=True)}

    def age_ms(self, topic: str) -> int:
        """Milliseconds since the topic's last event, or since this hub began to hear."""
        return round((time.monotonic() - self._last_event.get(topic, self._started_at)) * 1000)

    def deliver(self, frames: Iterable[dict[str, Any]]) -> None:
        """Hand frames to those who listen; each is encoded once."""
        for frame in frames:
            self._last_event[frame["t"]] = time.monotonic()
            listeners = self.by_topic.get(frame["t"])
            if listeners:
                text = _text(frame)
                for socket in list(listeners):
                    socket.offer(text)
            if frame["k"] == "rights.changed":
                self._recheck_person(frame["d"]["user_id"])

    def _recheck_person(self, user_id: int) -> None:
        for socket in self.sockets:
            if socket.person_id == user_id:
                self._start(_careful(socket.recheck()))

    def _start(self, work: Coroutine[Any, Any, Any]) -> None:
        self._tasks.append(asyncio.create_task(work))

    async def _pump(self) -> None:
        layer = get_channel_layer()
        while True:
            try:
                channel = await layer.new_channel()
                await layer.group_add(live.GROUP, channel)
                self._ready.set()
                while True:
                    message = await layer.receive(channel)
                    self.deliver(message["frames"])
            except (RedisError, OSError) as error:
                log.warning("live.hub_lost_redis", error=str(error))
                await asyncio.sleep(0.5)

    async def _beats(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            self._tasks = [task for task in self._tasks if not task.done()]
            await _careful(self._beat())
            await _careful(self.watching.beat())

    async def _beat(self) -> None:
        """Tell every socket the time and its versions; without Redis no beat, so clients know they may be stale."""
        versions = await self.versions(self.by_topic)
        for socket in list(self.sockets):
            socket.offer(_beat_text({topic: versions[topic] for topic in socket.topics if topic in versions}))

    async def _presence(self) -> None:
        while True:
            await asyncio.sleep(PRESENCE_S)
            if self.agents:
                await _careful(in_thread(presence.device_seen, list(self.agents)))

    async def _rechecks(self) -> None:
        while True:
            await asyncio.sleep(RECHECK_S)
            horizon = time.monotonic() - RECHECK_S
            self._last_event = {topic: at for topic, at in self._last_event.items() if at > horizon}
            for socket in list(self.sockets):
                await _careful(socket.recheck())


def _text(frame: dict[str, Any]) -> str:
    return json.dumps(frame, separators=(",", ":"))


def _beat_text(versions: dict[str, int]) -> str:
    return _text({"k": "beat", "now": round(time.time() * 1000), "v": versions})


async def _careful(work: Coroutine[Any, Any, Any]) -> None:
    """One failed round must not end the rounds after it."""
    try:
        await work
    except Exception as error:
        log.warning("live.round_failed", error=repr(error))


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


async def hub() -> Hub:
    """The hub of the running loop, started by the first socket."""
    loop = asyncio.get_running_loop()
    found = _hubs.get(loop)
    if found is None:
        found = _hubs[loop] = Hub()
    await found.ready()
    return found
