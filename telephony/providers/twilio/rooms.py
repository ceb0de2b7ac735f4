"""Names in the carrier's conferences: who a participant is, and where."""

from dataclasses import dataclass

CALLER = "caller"
AGENT = "agent"
OUTSIDE = "outside"


def agent_label(leg_id: int, call_sid: str) -> str:
    """The label of an agent's participant: new for every join, as a label may not be in the room twice."""
    return f"{AGENT}_{leg_id}_{call_sid}"


def outside_label(leg_id: int) -> str:
    """The label of an outside party: called once, so there is one of it."""
    return f"{OUTSIDE}_{leg_id}"


def is_outside(label: str) -> bool:
    return label.startswith(f"{OUTSIDE}_")


def leg_of_label(label: str) -> int | None:
    """The leg behind the label of an agent or outside party, None for the caller and for strangers."""
    kind, _, rest = label.partition("_")
    number = rest.partition("_")[0]
    return int(number) if kind in (AGENT, OUTSIDE) and number.isascii() and number.isdigit() else None


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
