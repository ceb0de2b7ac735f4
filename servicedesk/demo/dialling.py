"""From which number a customer calls, and which of our lines they dial."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from crmcore.models import Account, Contact, Queue
from servicedesk.demo.cast import Cast
from servicedesk.demo.schema import AccountText, ContactText, World
from telephony.models import PhoneLine

UNKNOWN_SHARE, WITHHELD_SHARE = 0.03, 0.02
# Reserved or invalid numbers like all others, in nobody's record.
UNKNOWN_NUMBERS = {
    "en": ("+12025550163", "+12025550171", "+12025550188", "+442079460905", "+442079460977"),
    "zh": ("+8616123054821", "+8615466090177", "+8616830190442", "+8616123077316", "+8615471955208"),
}


@dataclass(frozen=True)
class Caller:
    """Who is on the line, as far as the desk knows it."""

    account: Account | None
    contact: Contact | None
    number: str


class Directory:
    """The callers of one world, weighted so that a few of them make most of the work."""

    def __init__(self, world: World, cast: Cast, rng: Random) -> None:
        self._unknown = UNKNOWN_NUMBERS[world.code]
        self._lines = list(cast.lines.values())
        rows = [row for row in world.accounts if _reachable(row)]
        ranked = rng.sample(rows, len(rows))
        ranked.sort(key=lambda row: row.grade or "Z")
        self._accounts = [(cast.accounts[row.key], _people(row, cast)) for row in ranked]
        self._weights = [1 / (rank + 2) ** 0.9 for rank in range(len(ranked))]
        self._numbers = {person.key: _number(person, row) for row in world.accounts for person in row.contacts}
        self._cast = cast

    def someone(self, rng: Random, *, known: bool) -> Caller:
        """A caller; `known` when the matter needs a customer in the books."""
        chance = rng.random()
        if not known and chance < WITHHELD_SHARE:
            return Caller(None, None, "")
        if not known and chance < WITHHELD_SHARE + UNKNOWN_SHARE:
            return Caller(None, None, rng.choice(self._unknown))
        return self._one_of(range(len(self._accounts)), rng)

    def someone_like(self, account: Account, rng: Random) -> Caller:
        """A caller from an account of the same grade, so that the same is promised."""
        peers = [rank for rank, (peer, _people) in enumerate(self._accounts) if peer.grade == account.grade]
        return self._one_of(peers, rng)

    def _one_of(self, ranks: Sequence[int], rng: Random) -> Caller:
        rank = rng.choices(ranks, [self._weights[rank] for rank in ranks])[0]
        account, people = self._accounts[rank]
        contact, number = rng.choices(people, [3] + [1] * (len(people) - 1))[0]
        return Caller(account, contact, number)

    def caller(self, account_key: str, contact_key: str) -> Caller:
        """A person of a thread."""
        number = self._numbers[contact_key]
        return Caller(self._cast.accounts[account_key], self._cast.contacts[contact_key], number)

    def line(self, queue: Queue, number: str) -> PhoneLine:
        """The line of the queue that is nearest to the caller."""
        lines = [line for line in self._lines if line.queue_id == queue.pk]
        return next((line for line in lines if line.number[:2] == number[:2]), lines[-1])


def _people(row: AccountText, cast: Cast) -> list[tuple[Contact, str]]:
    reachable = [person for person in row.contacts if _number(person, row)]
    reachable.sort(key=lambda person: not person.primary)
    return [(cast.contacts[person.key], _number(person, row)) for person in reachable]


def _reachable(row: AccountText) -> bool:
    return any(_number(person, row) for person in row.contacts)


def _number(person: ContactText, row: AccountText) -> str:
    """The person's own number, else the one that the account shares."""
    phones = [point.value for point in (*person.points, *row.points) if point.kind == "phone"]
    return phones[0] if phones else ""
