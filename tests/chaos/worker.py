"""A process that works for the desk: webhooks, deeds of its people, the tick. It dies at one of its commits."""

import logging
import os
import random
import signal
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from multiprocessing.connection import Connection
from typing import Any
from urllib.parse import urlsplit

from django.db import close_old_connections, connection
from django.test import Client
from twilio.http import HttpClient
from twilio.http.response import Response

from crmcore.actions import presence
from crmcore.tasks import relay_live_events
from telephony import tasks
from telephony.actions.readiness import screen_opened
from telephony.providers.twilio import provider
from telephony.providers.twilio.account import Account
from telephony.providers.twilio.rest import Rest
from tests.fake_carrier.tapes import two_sides
from tests.telephony.deeds import TOO_LATE, Deeds, Staff

DONE, FAILED, ASK = "done", "failed", "ask"


@dataclass(frozen=True)
class Life:
    """How many transactions a process lives to commit, and whether it dies before or after the last of them."""

    commits: int
    before: bool


def serve(pipe: Connection, staff: Staff, life: Life) -> None:
    """Work off what comes through the pipe, one job after the other."""
    die_at_commit(life)
    worker, complaints = Worker(pipe, staff), Complaints()
    logging.getLogger().addHandler(complaints)
    provider.connect = lambda: worker.rest
    while True:
        try:
            job, *arguments = pipe.recv()
        except EOFError:
            return
        close_old_connections()
        try:
            result = getattr(worker, job)(*arguments)
            complaints.raise_first()
            pipe.send((DONE, result))
        except Exception:
            pipe.send((FAILED, traceback.format_exc()))


class Complaints(logging.Handler):
    """Faults that the product survives and only writes down are faults here all the same."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.first = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.first = self.first or f"{record.getMessage()} {logging.Formatter().format(record)}"

    def raise_first(self) -> None:
        if self.first:
            raise RuntimeError(self.first)


def die_at_commit(life: Life) -> None:
    """Kill this very process around its n-th commit: what follows the commit, also in the same request, is not done."""
    commit: Callable[[], None] = connection._commit
    left = life.commits

    def mortal() -> None:
        nonlocal left
        left -= 1
        if left <= 0 and life.before:
            os.kill(os.getpid(), signal.SIGKILL)
        commit()
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    connection._commit = mortal


class Worker:
    """Every method is a job."""

    def __init__(self, pipe: Connection, staff: Staff) -> None:
        self.pipe, self.staff = pipe, staff
        self.client = Client(raise_request_exception=False)

    @cached_property
    def rest(self) -> Rest:
        return Rest(Account.configured(), PipedHttp(self.pipe), lambda path: two_sides())

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """A webhook."""
        parts = urlsplit(url)
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        others = {name: value for name, value in headers.items() if name != "Content-Type"}
        answer = self.client.generic("POST", path, body, headers["Content-Type"], headers=others)
        if answer.status_code >= 500 and answer.exc_info is not None:
            raise answer.exc_info[1]
        return answer.status_code, answer.content.decode()

    def deed(self, seed: int) -> tuple[str, Any]:
        """Somebody at the desk does something; in vain when it comes too late."""
        deeds = Deeds(self.staff, random.Random(seed))
        try:
            return deeds.one()
        except TOO_LATE as late:
            return f"too late: {type(late).__name__}", None

    def tick(self) -> None:
        tasks.tick()

    def reconcile(self) -> None:
        tasks.reconcile()

    def relay(self) -> None:
        relay_live_events()

    def screens_live(self, agents: Iterable[int]) -> None:
        presence.device_seen(agents)

    def screen_lost(self, agent: int) -> None:
        presence.device_lost(agent)

    def screen_opened(self, agent: int) -> None:
        screen_opened(agent)


class PipedHttp(HttpClient):  # type: ignore[misc]  # the package has no types
    """Carries what the carrier's library asks to the process in which the carrier lives."""

    def __init__(self, pipe: Connection) -> None:
        self.pipe, self.is_async = pipe, False

    def request(self, method: str, url: str, params: Any = None, data: Any = None, **more: Any) -> Response:
        self.pipe.send((ASK, (method, url, params, data, more.get("auth"))))
        answer = self.pipe.recv()
        if answer is None:
            raise ConnectionResetError("the carrier's answer was lost")
        return Response(*answer)
