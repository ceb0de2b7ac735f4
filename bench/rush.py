"""Thirty signed webhooks a second, each answered with TwiML, whether or not the last one has been."""

import argparse
import asyncio
import time
from collections.abc import Iterator

import aiohttp
from django.conf import settings

from bench.figures import Figure, Times
from bench.processes import free_port, running
from bench.webhook import VOICE, post

RATE, SECONDS = 30, 15


def run(options: argparse.Namespace) -> Iterator[Figure]:
    port = free_port()
    command = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", "servicedesk.asgi:application"]
    with running(command, f"http://127.0.0.1:{port}/healthz/live"):
        asyncio.run(_rush(port, RATE, first=0))
        times = asyncio.run(_rush(port, RATE * SECONDS, first=RATE))
    yield Figure("webhook to TwiML, median", times.median, "ms", f"{RATE} a second for {SECONDS} s")
    yield Figure("webhook to TwiML, p99", times.p99, "ms", "aim 300")


async def _rush(port: int, calls: int, *, first: int) -> Times:
    async with aiohttp.ClientSession() as client:
        began = time.perf_counter()
        pending = []
        for number in range(calls):
            await asyncio.sleep(max(0.0, began + number / RATE - time.perf_counter()))
            pending.append(asyncio.create_task(_call(client, port, first + number)))
        return Times(await asyncio.gather(*pending))


async def _call(client: aiohttp.ClientSession, port: int, number: int) -> float:
    fields = {
        "CallSid": f"CA{900_000 + number:032d}",
        "AccountSid": settings.TWILIO_ACCOUNT_SID,
        "From": f"+1202555{number % 10_000:04d}",
        "To": "+12025550100",
        "Direction": "inbound",
        "CallStatus": "ringing",
        "ApiVersion": "2010-04-01",
    }
    start = time.perf_counter()
    await post(client, port, VOICE, fields)
    return 1000 * (time.perf_counter() - start)
