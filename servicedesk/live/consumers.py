"""The live socket of a browser tab: subscriptions in, frames and beats out."""

import asyncio
import json
from urllib.parse import parse_qs
from uuid import uuid4

from channels.generic.websocket import AsyncWebsocketConsumer

from servicedesk.live.hub import Hub, hub
from servicedesk.live.threads import in_thread
from servicedesk.live.topics import Listener, allowed_among, listener_again, listener_for

MAX_TOPICS = 200
BACKLOG = 256
BAD_MESSAGE = 1003
TRY_AGAIN_LATER = 1013
SIGNED_OUT = 4401


class LiveConsumer(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One browser tab. It has no channel of its own: the hub hands it every frame."""

    channel_layer_alias = ""
    hub: Hub | None = None

    @property
    def person_id(self) -> int | None:
        return self.listener.user.pk

    @property
    def is_agent(self) -> bool:
        return self.listener.is_agent

    async def connect(self) -> None:
        self.topics: set[str] = set()
        self.tab = uuid4().hex
        self._outbox: asyncio.Queue[str] = asyncio.Queue(BACKLOG)
        token = parse_qs(self.scope["query_string"].decode()).get("wallboard", [""])[0]
        self.listener: Listener = await in_thread(listener_for, self.scope["user"], token, self.scope.get("session"))
        await self.accept()
        if self.listener.is_nobody:
            await self.close(SIGNED_OUT)
            return
        self._writer = asyncio.create_task(self._write())
        self.hub = await hub()
        self.hub.join(self)
        self.hub.greet(self)

    async def disconnect(self, code: int) -> None:
        if self.hub is not None:
            self._writer.cancel()
            for topic in list(self.topics):
                await self.hub.watching.ended(topic, self.tab)
            await self.hub.leave(self)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        try:
            message = json.loads(text_data or "")
            op, topics = message["op"], [str(topic) for topic in message["topics"]]
        except (ValueError, KeyError, TypeError):
            await self.close(BAD_MESSAGE)
            return
        if self.hub is None:
            return
        if op == "subscribe":
            await self._subscribe(self.hub, topics[: MAX_TOPICS - len(self.topics)])
        elif op == "unsubscribe":
            for topic in topics:
                await self._unlisten(self.hub, topic)
        elif op == "doing" and self.person_id is not None:
            for topic in topics:
                await self.hub.watching.does(topic, self.tab, self.person_id, str(message.get("doing")))

    def offer(self, text: str) -> None:
        """Queue a frame; a client that does not keep up is sent away and comes back with a refetch."""
        try:
            self._outbox.put_nowait(text)
        except asyncio.QueueFull:
            self._writer.cancel()
            self._closing = asyncio.create_task(self.close(TRY_AGAIN_LATER))

    async def recheck(self) -> None:
        """Drop the topics that this person may no longer hear."""
        if self.hub is None:
            return
        self.listener = await in_thread(listener_again, self.listener, self.scope.get("session"))
        if self.listener.is_nobody:
            await self.close(SIGNED_OUT)
            return
        allowed = await in_thread(allowed_among, self.listener, sorted(self.topics))
        for topic in set(self.topics) - allowed:
            await self._unlisten(self.hub, topic)
            self._deny(topic)

    async def _subscribe(self, hub: Hub, topics: list[str]) -> None:
        allowed = await in_thread(allowed_among, self.listener, topics)
        for topic in topics:
            if topic in allowed:
                hub.listen(self, topic)
                if self.person_id is not None:
                    await hub.watching.began(topic, self.tab, self.person_id)
            else:
                self._deny(topic)
        await hub.confirm(self, allowed)

    async def _unlisten(self, hub: Hub, topic: str) -> None:
        hub.unlisten(self, topic)
        await hub.watching.ended(topic, self.tab)

    def _deny(self, topic: str) -> None:
        self.offer(json.dumps({"k": "denied", "t": topic}))

    async def _write(self) -> None:
        while True:
            await self.send(text_data=await self._outbox.get())
