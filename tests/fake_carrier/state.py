"""What the carrier knows: calls, conferences, the queue."""

from dataclasses import dataclass, field

from tests.fake_carrier.markup import Verb

OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})


@dataclass
class FakeCall:
    """`turn` grows with every change of what the call does, so that a document that comes too late is not executed.

    `asked` is the verb whose action is still to be told: a Gather that waits for keys, a Dial to `dialled`.
    """

    sid: str
    from_: str
    to: str
    status: str = "ringing"
    turn: int = 0
    sequence: int = 0
    heard: list[str] = field(default_factory=list)
    asked: Verb | None = None
    dialled: str = ""
    direction: str = "inbound"
    callback: str = ""

    @property
    def is_over(self) -> bool:
        return self.status in OVER

    @property
    def is_browser(self) -> bool:
        return self.from_.startswith("client:")


@dataclass
class Participant:
    call_sid: str
    label: str
    held: bool = False
    muted: bool = False
    coaches: str = ""

    def fields(self) -> dict[str, str]:
        """What a webhook says about the participant."""
        return {
            "CallSid": self.call_sid,
            "ParticipantLabel": self.label,
            "Muted": str(self.muted).lower(),
            "Hold": str(self.held).lower(),
            "Coaching": str(bool(self.coaches)).lower(),
            "EndConferenceOnExit": "false",
            "StartConferenceOnEnter": "true",
        }


@dataclass
class FakeConference:
    sid: str
    name: str
    callback: str
    status: str = "in-progress"
    sequence: int = 0
    participants: dict[str, Participant] = field(default_factory=dict)
    invited: dict[str, Participant] = field(default_factory=dict)


@dataclass
class Waiting:
    """A call in the queue, and the addresses of its Enqueue."""

    call_sid: str
    wait_url: str
    action: str


@dataclass
class FakeQueue:
    sid: str
    name: str
    max_size: int = 100
    members: dict[str, Waiting] = field(default_factory=dict)
