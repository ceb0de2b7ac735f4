"""The screen-pop decision: who is calling, as far as it can be known while it rings."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import IntEnum, StrEnum
from typing import Any, Self

SHOWN = 5


class Kind(StrEnum):
    """What the agent sees."""

    CUSTOMER = "customer"  # one person, perhaps with the account
    ACCOUNT = "account"  # one account; who of it is open
    SEVERAL = "several"  # a chooser; nothing opens by itself
    MAYBE = "maybe"  # a guess that one key confirms
    UNKNOWN = "unknown"  # the new-caller card
    WITHHELD = "withheld"  # nothing to match, create or call back
    INTERNAL = "internal"  # one of our own numbers


class Rule(IntEnum):
    """Which rule decided, for the audit and for the chip on the screen."""

    WITHHELD = 1
    SIGNED_IN = 2
    CONTEXT = 3
    INTERNAL = 4
    ONE_CONTACT = 5
    ONE_ACCOUNT = 6
    SEVERAL = 7
    SHARED = 8
    MAYBE = 9
    NO_MATCH = 11
    CHOSEN = 13


@dataclass(frozen=True)
class Candidate:
    """Somebody whom the number may belong to. `last_contact_at` is ISO 8601 in UTC or empty."""

    account_id: int | None
    contact_id: int | None
    open_tickets: int = 0
    last_contact_at: str = ""


@dataclass(frozen=True)
class Decision:
    """What rings up on the screen; ids only, so that each reader sees what his rights allow.

    `ticket_id` is the one to open on answer; without it `ticket_ids` is a list to choose from, latest first.
    `more` says that candidates were left out. `region` and `line_type` describe the number, approximately.
    """

    kind: Kind
    rule: Rule
    verified: bool = False
    contact_id: int | None = None
    account_id: int | None = None
    ticket_id: int | None = None
    ticket_ids: list[int] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    more: bool = False
    region: str = ""
    line_type: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the call's row."""
        return asdict(self)

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self | None:
        """The decision stored in a call's row (`pop`), None before there is one."""
        if not data:
            return None
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        known["candidates"] = [Candidate(**candidate) for candidate in data.get("candidates", [])]
        known["kind"], known["rule"] = Kind(data["kind"]), Rule(data["rule"])
        return cls(**known)
