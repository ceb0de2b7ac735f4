"""The one face of every carrier: what it tells us (signals), what we ask of it (commands), what it can do."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, ClassVar, Protocol


class CarrierError(Exception):
    """The carrier could not be reached or refused a command; it is worth another try."""


class CarrierBusy(CarrierError):
    """The carrier asks for patience: the command was not carried out, and that is nobody's failure."""


# --- signals: what a carrier tells us ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Signal:
    """Something happened at the carrier. `token` is the same for every repetition of the same happening."""

    kind: ClassVar[str]
    kinds: ClassVar[dict[str, type["Signal"]]] = {}

    provider: str
    provider_call_id: str
    token: str
    occurred_at: datetime | None = None
    raw: Mapping[str, Any] = field(default_factory=dict)

    def __init_subclass__(cls) -> None:
        Signal.kinds[cls.kind] = cls

    def payload(self) -> dict[str, Any]:
        """All that is particular to this signal, as JSON."""
        common = ("provider", "provider_call_id", "token", "occurred_at")
        return {key: value for key, value in asdict(self).items() if key not in common}


@dataclass(frozen=True, kw_only=True)
class Incoming(Signal):
    """A call has reached us. Numbers are as the carrier wrote them.

    `context` is what is known besides the number: `contact_id` of a signed-in customer, `account_id`, `ticket_id`,
    `customer_code` or `ticket_number` typed by the caller, `queue_id` that was asked for,
    `entry` by whose flow the call comes in, `language` that the caller speaks.
    """

    kind: ClassVar[str] = "incoming"
    from_number: str
    to_number: str = ""
    direction: str = "in"
    context: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class CallerHungUp(Signal):
    kind: ClassVar[str] = "caller_hung_up"


@dataclass(frozen=True, kw_only=True)
class CallFinished(Signal):
    """The whole call is over at the carrier; `by` is customer, agent, system or carrier."""

    kind: ClassVar[str] = "call_finished"
    by: str = "carrier"
    reason: str = "hang_up"


@dataclass(frozen=True, kw_only=True)
class LegJoined(Signal):
    """A leg's audio is in the room. No `leg_id` means the customer. `external_id` names the leg at the carrier."""

    kind: ClassVar[str] = "leg_joined"
    leg_id: int | None = None
    external_id: str = ""


@dataclass(frozen=True, kw_only=True)
class LegLeft(Signal):
    """A leg has gone for good: its party hung up."""

    kind: ClassVar[str] = "leg_left"
    leg_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class LegLost(Signal):
    """A leg's connection broke; its party may come back within the grace time."""

    kind: ClassVar[str] = "leg_lost"
    leg_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class DigitsEntered(Signal):
    """The caller answered the question of `turn` with these keys; empty when they let its time pass."""

    kind: ClassVar[str] = "digits_entered"
    turn: int
    digits: str = ""


@dataclass(frozen=True, kw_only=True)
class AgentRang(Signal):
    """A foreign exchange rings an agent of its own choice."""

    kind: ClassVar[str] = "agent_rang"
    agent_id: int


@dataclass(frozen=True, kw_only=True)
class AgentAnswered(Signal):
    """An agent picked up on a foreign exchange; both parties hear each other."""

    kind: ClassVar[str] = "agent_answered"
    agent_id: int


# --- commands: what we ask of a carrier -------------------------------------------------------------------------


@dataclass(frozen=True)
class CallRef:
    """A call as a carrier needs to know it. The room where its legs meet is named by `public_id`.

    `customer_leg` is the carrier's name for the customer's leg of a call that we placed, once it is known.
    """

    id: int
    public_id: str
    provider_call_id: str
    epoch: int = 0
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    context: Mapping[str, Any] = field(default_factory=dict)
    customer_leg: str = ""


@dataclass(frozen=True)
class Command:
    """A wish to the carrier. Sent at least once: the same command twice must do what one does."""

    verb: ClassVar[str]
    verbs: ClassVar[dict[str, type["Command"]]] = {}
    # Whether the command still makes sense after the call has moved on.
    outlives_state: ClassVar[bool] = False
    # Whether it makes sense until its leg has left instead.
    lasts_with_leg: ClassVar[bool] = False

    call: CallRef

    def __init_subclass__(cls) -> None:
        Command.verbs[cls.verb] = cls

    def arguments(self) -> dict[str, Any]:
        """All but the call, as JSON."""
        return {key: value for key, value in asdict(self).items() if key != "call"}

    @classmethod
    def of(cls, verb: str, call: CallRef, arguments: Mapping[str, Any]) -> "Command":
        """The stored command again. Raises KeyError for an unknown verb."""
        return cls.verbs[verb](call, **arguments)


@dataclass(frozen=True)
class ConnectAgent(Command):
    """Bring the agent's leg into the room. Nothing to do where the agent's browser pulls the call by its ticket."""

    verb: ClassVar[str] = "connect_agent"
    leg_id: int
    agent_id: int


@dataclass(frozen=True)
class RedirectCaller(Command):
    """The agent waits in the room `leg_id`: move the caller there."""

    verb: ClassVar[str] = "redirect_caller"
    leg_id: int


@dataclass(frozen=True)
class ReturnCaller(Command):
    """Let the caller wait again: the agent never came, or was lost."""

    verb: ClassVar[str] = "return_caller"


@dataclass(frozen=True)
class Voice:
    """One party of a conversation as it should be now: `kind` and `supervision` as in our own rows."""

    leg_id: int
    kind: str
    external_id: str = ""
    is_held: bool = False
    supervision: str = ""


@dataclass(frozen=True)
class Arrange(Command):
    """Let exactly these parties hear each other: who is held hears music, who supervises is heard as the mode says.

    It names the whole, not the change: sent again, or after others were lost, it leads to the same.
    """

    verb: ClassVar[str] = "arrange"
    voices: Sequence[Voice] = ()

    def __post_init__(self) -> None:
        rows = tuple(row if isinstance(row, Voice) else Voice(**row) for row in self.voices)
        object.__setattr__(self, "voices", rows)


@dataclass(frozen=True)
class HangUp(Command):
    """End the call for everybody. Harmless when it is over already.

    `farewell`: let the caller hear (or read) the call's farewell, or be asked how it went, first.
    """

    verb: ClassVar[str] = "hang_up"
    outlives_state: ClassVar[bool] = True
    farewell: bool = False


@dataclass(frozen=True)
class DropLeg(Command):
    """Remove one leg that has no business in the room (any more).

    `hands_over`: whoever stays may not have met without it yet, so media must not break before they have.
    """

    verb: ClassVar[str] = "drop_leg"
    outlives_state: ClassVar[bool] = True
    leg_id: int
    external_id: str = ""
    hands_over: bool = False


# --- the face ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Capabilities:
    """What the rest of the product may expect of a carrier.

    `distributes`: our queue decides who gets the call (False: a foreign exchange does, we only watch).
    `media`: the softphone that the console starts (`browser`, `twilio`), `desk_phone`, or `none` without audio.
    `can_transfer`: a caller in conversation can wait again. `can_conference`: more than two can hear each other, each
    as `Arrange` says, so colleagues can be consulted and supervisors listen.
    `heartbeats`: every leg reports itself each 10 s, so silence means that it is lost.
    `is_remote`: commands cross a network and belong into the background.
    `can_reach_outside`: telephone numbers can be called into a conversation (`DialParty`).
    `can_ask`: callers can be led through a call flow. `times_answers`: it tells itself when a caller stays silent.
    `asks_after_calls`: a caller stays on the line when the agent hangs up, and can be asked by keypad how it went.
    `can_dial`: it can call customers for us; whether it is set up to do so, `Provider.dials` says.
    `reaches_people`: who answers is real, so customers of the demo are none of its business.
    """

    distributes: bool = True
    media: str = "none"
    can_hold: bool = False
    can_hang_up: bool = False
    can_transfer: bool = False
    can_conference: bool = False
    can_reach_outside: bool = False
    heartbeats: bool = False
    is_remote: bool = False
    can_ask: bool = False
    times_answers: bool = False
    asks_after_calls: bool = False
    can_dial: bool = False
    reaches_people: bool = True


class Provider(Protocol):
    """A carrier. Copy `simulated/provider.py` to begin a new one."""

    code: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def send(self, command: Command) -> Sequence[Signal]:
        """Carry out a command; the answer is what the carrier told at once. Raises CarrierError to be asked again."""
        ...

    def is_live(self, call: CallRef) -> bool | None:
        """Whether the call still exists there, None when the carrier cannot tell. Raises CarrierError."""
        ...

    def dials(self) -> bool:
        """Whether calls can be placed by it as it is set up now. Asked only where it `can_dial`."""
        ...
