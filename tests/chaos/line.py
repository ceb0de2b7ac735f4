"""The fake carrier in one process, its webhooks on many ways to the desk: late, twice, out of order, or lost."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from threading import Lock
from typing import Any

from crmcore import clock
from tests.chaos.fleet import Fleet, WorkerDied
from tests.chaos.schedule import Schedule
from tests.chaos.settings import ACCOUNT_SID, AUTH_TOKEN, BASE_URL
from tests.chaos.tally import Tally
from tests.fake_carrier.carrier import FakeCarrier
from tests.fake_carrier.post import Letter, Plan, PostOffice
from tests.fake_carrier.rest import FakeHttp

REMEMBERED = 200


@dataclass(frozen=True)
class Disorder:
    """Shares of all webhooks and requests to which this happens."""

    lost: float = 0.02
    twice: float = 0.15
    late: float = 0.08
    latest_s: float = 6.0
    asked_twice: float = 0.05
    refused: float = 0.01
    unanswered: float = 0.01
    busy: float = 0.005


class Line:
    """The carrier is one thread's at a time; while a webhook is under way, it is another's."""

    def __init__(self, dice: Random, tally: Tally, schedule: Schedule, disorder: Disorder) -> None:
        self.dice, self.tally, self.schedule, self.disorder = dice, tally, schedule, disorder
        self.fleet: Fleet | None = None
        self._lock = Lock()
        plan = Plan(seed=dice.getrandbits(32))
        self.carrier = Carrier(
            account_sid=ACCOUNT_SID,
            auth_token=AUTH_TOKEN,
            base_url=BASE_URL,
            transport=self._deliver,
            now=clock.now,
            plan=plan,
        )
        self.carrier._agenda = _Agenda(self)  # type: ignore[assignment]
        self.carrier.post = Post(self, plan)
        self.carrier.tally = tally
        self.http = FakeHttp(self.carrier)

    @contextmanager
    def at_the_carrier(self) -> Any:
        with self._lock:
            yield self.carrier

    def soon(self, job: Callable[[], None], delay_s: float = 0.0) -> None:
        """Let something happen at the carrier."""

        def locked() -> None:
            with self._lock:
                job()

        self.schedule.put(delay_s, locked)

    def answer(self, asked: tuple[Any, ...]) -> tuple[int, str] | None:
        """The carrier's answer to a request of the desk, None when it is lost on its way."""
        method, url, params, data, auth = asked
        chance = self.dice.random()
        with self._lock:
            if chance < self.disorder.busy:
                self.http.failures.append((429, 20429))
            elif chance < self.disorder.busy + self.disorder.refused:
                self.http.failures.append((503, 20503))
            answer = self.http.request(method, url, params, data, auth=auth)
            self.http.asked.clear()
        self.tally.asked()
        if answer.status_code in (429, 503):
            self.tally.fault(f"requests answered {answer.status_code}")
        if 1 - chance < self.disorder.unanswered:
            self.tally.fault("answers of the carrier lost")
            return None
        return answer.status_code, answer.text

    def _deliver(self, url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        """Called by the carrier, which goes on with other things meanwhile. Raises WorkerDied."""
        assert self.fleet is not None
        self._lock.release()
        try:
            answer: tuple[int, str] = self.fleet.run("post", url, body, headers)
        finally:
            self._lock.acquire()
        self.tally.event("webhook", f"{url.removeprefix(BASE_URL)} {body.decode()[:160]}")
        return answer

    def forget(self) -> None:
        """What is over long since, nobody asks for any more."""
        carrier = self.carrier
        for sid in [call.sid for call in carrier.calls.values() if call.is_over][:-REMEMBERED]:
            del carrier.calls[sid]
        for recording in list(carrier.recordings)[:-REMEMBERED]:
            del carrier.recordings[recording]
        carrier.rooms = {sid: room for sid, room in carrier.rooms.items() if room.status != "completed"}
        carrier.tapes.made = [tape for tape in carrier.tapes.made if tape.call_sid in carrier.calls]
        carrier.post.statuses.clear()


class Carrier(FakeCarrier):
    """Ends the call of a supervisor who is to whisper to a line that broke a moment ago, as the real one would."""

    tally: Tally

    def coach_without_agent(self) -> bool:
        self.tally.fault("whisperers whose agent was gone")
        return False


class _Agenda:
    """What the carrier wants to do next."""

    def __init__(self, line: Line) -> None:
        self.line = line

    def append(self, job: Callable[[], None]) -> None:
        self.line.soon(job, self.line.dice.random() * 0.05)


class Post(PostOffice):
    """Reports travel on their own; a document is asked for until somebody gives it."""

    def __init__(self, line: Line, plan: Plan) -> None:
        super().__init__(AUTH_TOKEN, line._deliver, plan)
        self.line = line

    def fetch(self, url: str, fields: dict[str, str]) -> str:
        headers = self._headers(url, fields)
        copies = 2 if self._happens(self.line.disorder.asked_twice, "documents asked for twice") else 1
        return [self._document(Letter(url, fields, headers)) for _ in range(copies)][-1]

    def _document(self, letter: Letter) -> str:
        while True:
            try:
                status, document = self._post(letter)
            except WorkerDied:
                continue
            assert status == 200, (letter, status, document)
            return document

    def send(self, url: str, fields: dict[str, str]) -> None:
        disorder = self.line.disorder
        if self._happens(disorder.lost, "webhooks lost"):
            return
        headers = self._headers(url, fields)
        for _ in range(2 if self._happens(disorder.twice, "webhooks doubled") else 1):
            delay_s = self.line.dice.random() * 0.1
            if self._happens(disorder.late, "webhooks late"):
                delay_s += self.line.dice.random() * disorder.latest_s
            letter = Letter(url, fields, headers)
            self.line.soon(lambda letter=letter: self._report(letter), delay_s)  # type: ignore[misc]

    def _report(self, letter: Letter) -> None:
        try:
            status, body = self._post(letter)
        except WorkerDied:
            self.line.tally.fault("webhooks lost with their worker")
            return
        assert status == 204, (letter, status, body)

    def _happens(self, share: float, what: str) -> bool:
        happens = self.line.dice.random() < share
        if happens:
            self.line.tally.fault(what)
        return happens
