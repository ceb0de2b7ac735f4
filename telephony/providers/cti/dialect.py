"""The events `newCall`, `answer` and `hangup` that bridges of many exchanges send already: Zammad's generic CTI."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telephony.providers.base import AgentAnswered, AgentRang, CallFinished, Incoming, Signal
from telephony.providers.cti.fields import (
    LONGEST_CALL_ID,
    LONGEST_NUMBER,
    PROVIDER,
    call_key,
    choice,
    names,
    needed,
    text,
)

EVENTS = ("newCall", "answer", "hangup")
# Causes by which the caller, not the desk, ended the call.
BY_CUSTOMER = frozenset({"cancel", "normalClearing"})


@dataclass(frozen=True)
class Surroundings:
    """What the desk knows about the exchange that reports: whom a name means, where its calls go."""

    exchange_id: int
    agent_of: Callable[[str], int | None]
    queue_of: Callable[[str], int | None]
    usual_queue_id: int | None = None
    region: str = ""

    def context(self, queue: str) -> dict[str, Any]:
        """What goes with a new call that names `queue`."""
        queue_id = self.queue_of(queue) or self.usual_queue_id
        known = {"queue_id": queue_id, "region": self.region}
        return {name: value for name, value in known.items() if value}


@dataclass(frozen=True)
class CtiEvent:
    """One event as the exchange wrote it. `users` are agents by extension, name, user name or e-mail."""

    event: str
    call_id: str
    from_number: str
    to_number: str
    direction: str
    users: tuple[str, ...]
    queue: str
    cause: str

    @classmethod
    def read(cls, fields: Mapping[str, object]) -> "CtiEvent":
        """Check the fields of one event. Raises BadEvent."""
        return cls(
            event=choice(fields, "event", EVENTS),
            call_id=needed(fields, "callId", LONGEST_CALL_ID),
            from_number=text(fields, "from", LONGEST_NUMBER),
            to_number=text(fields, "to", LONGEST_NUMBER),
            direction=choice(fields, "direction", ("in", "out"), "in"),
            users=names(fields, "user"),
            queue=text(fields, "queue", 120),
            cause=text(fields, "cause", 40),
        )

    def signals(self, desk: Surroundings) -> Sequence[Signal]:
        """What the event means."""
        agents = [agent for name in self.users if (agent := desk.agent_of(name)) is not None]
        key = call_key(desk.exchange_id, self.call_id)
        common: dict[str, Any] = {"provider": PROVIDER, "provider_call_id": key}
        match self.event:
            case "newCall":
                incoming = Incoming(
                    **common,
                    token=f"{key}:newCall",
                    from_number=self.from_number,
                    to_number=self.to_number,
                    direction=self.direction,
                    context=desk.context(self.queue),
                )
                rung = [AgentRang(**common, token=f"{key}:rang:{agent}", agent_id=agent) for agent in agents[:1]]
                return [incoming, *rung]
            case "answer":
                return [AgentAnswered(**common, token=f"{key}:answer:{agent}", agent_id=agent) for agent in agents[:1]]
            case _:
                by = "customer" if self.cause in BY_CUSTOMER else "carrier"
                return [CallFinished(**common, token=f"{key}:hangup", by=by)]
