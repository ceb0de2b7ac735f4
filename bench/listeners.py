"""A status change from the click to the last of those who listen, beside the change alone."""

import asyncio
import time
from contextlib import AsyncExitStack

import aiohttp
from asgiref.sync import sync_to_async

from bench.figures import Times
from bench.processes import free_port, running
from bench.sockets import frame, listening, session_of
from crmcore.models import User
from tickets.actions.lifecycle import set_status
from tickets.models import SavedView, Ticket
from tickets.queries.wording import status_called

LISTENERS = 50
RUNS = 21


def status_changes(ticket: Ticket, agent: User) -> tuple[Times, Times]:
    """Milliseconds until the change is committed, and until the last listener has its frame."""
    port = free_port()
    command = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", "servicedesk.asgi:application"]
    with running(command, f"http://127.0.0.1:{port}/healthz/live"):
        runs = asyncio.run(_measure(ticket, agent, session_of(agent), port))
    return Times([committed for committed, _ in runs]), Times([heard for _, heard in runs])


async def _measure(ticket: Ticket, agent: User, cookies: dict[str, str], port: int) -> list[tuple[float, float]]:
    topics = [f"ticket:{ticket.pk}", *[f"view:{pk}" async for pk in SavedView.objects.values_list("pk", flat=True)]]
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(aiohttp.ClientSession(cookies=cookies))
        sockets = [await listening(client, port, topics) for _ in range(LISTENERS)]
        for socket in sockets:
            stack.push_async_callback(socket.close)
        runs = [await _change(ticket, agent, sockets, number) for number in range(RUNS + 1)]
    return runs[1:]


async def _change(
    ticket: Ticket, agent: User, sockets: list[aiohttp.ClientWebSocketResponse], number: int
) -> tuple[float, float]:
    heard = [asyncio.create_task(frame(socket, "ticket.changed")) for socket in sockets]
    start = time.perf_counter()
    await sync_to_async(_set)(ticket.pk, agent, "on_hold" if number % 2 else "open")
    committed = time.perf_counter()
    await asyncio.gather(*heard)
    return 1000 * (committed - start), 1000 * (time.perf_counter() - start)


def _set(pk: int, agent: User, code: str) -> None:
    set_status(Ticket.objects.get(pk=pk), status_called(code), by=agent)
