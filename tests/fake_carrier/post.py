"""How the carrier's webhooks travel: signed, and by a seeded plan late, twice, out of order or not at all."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from urllib.parse import urlencode

from tests.fake_carrier.signing import sign

Transport = Callable[[str, bytes, dict[str, str]], tuple[int, str]]
FORM = "application/x-www-form-urlencoded"
LATEST_ROUND = 3


@dataclass
class Plan:
    """`copies` of everything; `late` is the share of further copies that come in a later round."""

    seed: int = 0
    copies: int = 1
    shuffled: bool = False
    late: float = 0.0
    first_late: float = 0.0
    names_events: bool = True
    lose: Callable[[Mapping[str, str]], bool] = lambda fields: False
    random: Random = field(init=False)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)


@dataclass
class Letter:
    url: str
    fields: dict[str, str]
    headers: dict[str, str]
    rounds_to_wait: int = 0


class PostOffice:
    def __init__(self, secret: str, transport: Transport, plan: Plan) -> None:
        self.plan = plan
        self.statuses: list[tuple[str, int]] = []
        self._secret = secret
        self._transport = transport
        self._letters: list[Letter] = []

    def fetch(self, url: str, fields: dict[str, str]) -> str:
        """Ask for a document now. Asked several times, any of the answers may be the one that counts."""
        headers = self._headers(url, fields)
        answers = [self._post(Letter(url, fields, headers)) for _ in range(self.plan.copies)]
        assert all(status == 200 for status, _ in answers), (url, answers)
        return self.plan.random.choice(answers)[1]

    def send(self, url: str, fields: dict[str, str]) -> None:
        """Report something, some time soon."""
        if self.plan.lose(fields):
            return
        headers = self._headers(url, fields)
        for copy in range(self.plan.copies):
            is_late = self.plan.random.random() < (self.plan.late if copy else self.plan.first_late)
            rounds = self.plan.random.randint(1, LATEST_ROUND) if is_late else 0
            self._letters.append(Letter(url, fields, headers, rounds))

    def deliver(self) -> bool:
        """One round; whether anything was delivered."""
        due = [letter for letter in self._letters if letter.rounds_to_wait == 0]
        self._letters = [letter for letter in self._letters if letter.rounds_to_wait > 0]
        if self.plan.shuffled:
            self.plan.random.shuffle(due)
        for letter in due:
            status, _ = self._post(letter)
            assert status == 204, (letter, status)
        return bool(due)

    def pass_round(self) -> bool:
        """Let late letters come nearer; whether there are any."""
        for letter in self._letters:
            letter.rounds_to_wait = max(0, letter.rounds_to_wait - 1)
        return bool(self._letters)

    def _post(self, letter: Letter) -> tuple[int, str]:
        answer = self._transport(letter.url, urlencode(letter.fields).encode(), letter.headers)
        self.statuses.append((letter.url, answer[0]))
        return answer

    def _headers(self, url: str, fields: Mapping[str, str]) -> dict[str, str]:
        headers = {"Content-Type": FORM, "X-Twilio-Signature": sign(self._secret, url, fields)}
        if self.plan.names_events:
            headers["I-Twilio-Idempotency-Token"] = f"{self.plan.random.getrandbits(128):032x}"
        return headers
