"""Signed-in sockets of a running web process, and what comes through them."""

import asyncio

import aiohttp
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore

from crmcore.models import User

WITHIN_S = 20


def session_of(user: User) -> dict[str, str]:
    """The cookie of somebody who has signed in."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return {settings.SESSION_COOKIE_NAME: str(store.session_key)}


async def listening(client: aiohttp.ClientSession, port: int, topics: list[str]) -> aiohttp.ClientWebSocketResponse:
    """A socket that listens to these topics by now."""
    socket = await client.ws_connect(f"ws://127.0.0.1:{port}/ws/live/", headers={"Origin": f"http://127.0.0.1:{port}"})
    await socket.send_json({"op": "subscribe", "topics": topics})
    for _ in topics:
        await frame(socket, "subscribed")
    return socket


async def frame(socket: aiohttp.ClientWebSocketResponse, kind: str) -> None:
    """Wait for a frame of a kind. Raises TimeoutError after twenty seconds."""
    async with asyncio.timeout(WITHIN_S):
        while (await socket.receive_json())["k"] != kind:
            pass
