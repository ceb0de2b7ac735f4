"""From a carrier's signed webhook to the frame at the agent's socket, beside a bare group_send in the same run."""

import argparse
import asyncio
import time
from collections.abc import Iterator
from urllib.parse import urlencode

import aiohttp
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from twilio.request_validator import RequestValidator

from bench.figures import Figure, Times
from bench.ground import TOKEN
from bench.processes import free_port, running
from bench.sockets import frame, listening, session_of
from crmcore import live
from crmcore.actions import people, presence
from crmcore.models import Queue, QueueMembership, User
from telephony.actions.fold import fold_pending

CALLS = 60
VOICE = "/telephony/twilio/voice/"


def run(options: argparse.Namespace) -> Iterator[Figure]:
    agent = _agent()
    port = free_port()
    command = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "-v", "0", "servicedesk.asgi:application"]
    with running(command, f"http://127.0.0.1:{port}/healthz/live"):
        calls, bare = asyncio.run(_measure(agent, session_of(agent), port))
    yield Figure("bare group_send to frame, median", bare.median, "ms", f"p95 {bare.p95:.1f}")
    yield Figure("signed webhook to call.offered, median", calls.median, "ms", f"p95 {calls.p95:.1f}, budget 300")
    yield Figure("webhook in group_sends", calls.median / bare.median, "x")


async def _measure(agent: User, cookies: dict[str, str], port: int) -> tuple[Times, Times]:
    topic = f"agent:{agent.pk}"
    async with aiohttp.ClientSession(cookies=cookies) as client, await listening(client, port, [topic]) as socket:
        await sync_to_async(presence.start_shift)(agent)
        bare = [await _bare(socket, topic) for _ in range(CALLS)]
        calls = [await _call(client, socket, port, number) for number in range(CALLS)]
    return Times(calls[5:]), Times(bare[5:])


async def _bare(socket: aiohttp.ClientWebSocketResponse, topic: str) -> float:
    start = time.perf_counter()
    sent = {"k": "bench", "t": topic, "v": 1, "d": {}}
    await get_channel_layer().group_send(live.GROUP, {"type": "live.frames", "frames": [sent]})
    await frame(socket, "bench")
    return 1000 * (time.perf_counter() - start)


async def _call(
    client: aiohttp.ClientSession, socket: aiohttp.ClientWebSocketResponse, port: int, number: int
) -> float:
    sid = f"CA{number:032d}"
    fields = {"CallSid": sid, "AccountSid": settings.TWILIO_ACCOUNT_SID, "From": "+12025550147", "Direction": "inbound"}
    start = time.perf_counter()
    await post(
        client, port, VOICE, {**fields, "To": "+12025550100", "CallStatus": "ringing", "ApiVersion": "2010-04-01"}
    )
    await frame(socket, "call.offered")
    took = 1000 * (time.perf_counter() - start)
    done = {**fields, "To": "+12025550100", "CallStatus": "completed", "CallDuration": "1", "SequenceNumber": "1"}
    await post(client, port, "/telephony/twilio/status/", done)
    await sync_to_async(fold_pending)("twilio", sid)  # the worker's part; there is none here
    await frame(socket, "offer.closed")
    await asyncio.sleep(0.05)
    return took


async def post(client: aiohttp.ClientSession, port: int, path: str, fields: dict[str, str]) -> None:
    signature = RequestValidator(TOKEN).compute_signature(settings.PUBLIC_BASE_URL + path, fields)
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    async with client.post(f"http://127.0.0.1:{port}{path}", data=urlencode(fields), headers=headers) as answer:
        answer.raise_for_status()


def _agent() -> User:
    queue = Queue.objects.get(is_default=True)
    agent = people.create_user("bench-agent", name="Bench", password=None, roles=["agent"], teams=[queue.team], by=None)
    QueueMembership.objects.create(queue=queue, user=agent)
    return agent
