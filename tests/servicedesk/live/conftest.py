"""The cast, and browser tabs without a browser."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator
from django.contrib.auth.models import AnonymousUser

from crmcore.models import User
from servicedesk.live.consumers import LiveConsumer
from tests.cast import Cast, make_cast

Connect = Callable[..., Awaitable["Tab"]]


class Tab:
    """One live socket, spoken to in frames."""

    def __init__(self, user: User | AnonymousUser, query: str = "") -> None:
        self.wire = WebsocketCommunicator(LiveConsumer.as_asgi(), f"/ws/live/?{query}")
        self.wire.scope["user"] = user

    async def hear(self, kind: str, timeout: float = 6) -> dict[str, Any]:
        """The next frame of this kind; frames of other kinds are passed over."""
        while True:
            frame: dict[str, Any] = await self.wire.receive_json_from(timeout=timeout)
            if frame["k"] == kind:
                return frame

    async def subscribe(self, *topics: str) -> list[dict[str, Any]]:
        """Ask for topics; the answers in their order."""
        await self.wire.send_json_to({"op": "subscribe", "topics": list(topics)})
        answers: list[dict[str, Any]] = []
        while len(answers) < len(topics):
            frame = await self.wire.receive_json_from(timeout=6)
            if frame["k"] in {"subscribed", "denied"}:
                answers.append(frame)
        return answers


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Open tabs; all are closed in the end."""
    tabs: list[Tab] = []

    async def open_tab(user: User | AnonymousUser, query: str = "") -> Tab:
        tab = Tab(user, query)
        connected, _ = await tab.wire.connect(timeout=6)
        assert connected
        tabs.append(tab)
        return tab

    yield open_tab
    for tab in tabs:
        await tab.wire.disconnect()
