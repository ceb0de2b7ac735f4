"""Names in the carrier's conferences: who a participant is, and where."""

from dataclasses import dataclass

CALLER = "caller"
AGENT = "agent"


def agent_label(leg_id: int, call_sid: str) -> str:
    """The label of an agent's participant: new for every join, as a label may not be in the room twice."""
    return f"{AGENT}_{leg_id}_{call_sid}"


def leg_of_label(label: str) -> int | None:
    """The agent's leg behind a label, None for the caller and for strangers."""
    kind, _, rest = label.partition("_")
    number = rest.partition("_")[0]
    return int(number) if kind == AGENT and number.isascii() and number.isdigit() else None


@dataclass(frozen=True)
class Place:
    """A participant in a conference; as text, the leg's `external_id`."""

    conference_sid: str
    call_sid: str

    def __str__(self) -> str:
        return f"{self.conference_sid}/{self.call_sid}"

    @classmethod
    def read(cls, text: str) -> "Place":
        conference_sid, _, call_sid = text.partition("/")
        return cls(conference_sid, call_sid)
