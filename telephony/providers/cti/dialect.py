"""The events `newCall`, `answer` and `hangup` that bridges of many exchanges send already: Zammad's generic CTI."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from telephony.providers.base import AgentAnswered, AgentRang, CallFinished, Incoming, Signal

PROVIDER = "cti"
LONGEST_CALL_ID = 250
LONGEST_NUMBER = 120
EVENTS = ("newCall", "answer", "hangup")
# Causes by which the caller, not the desk, ended the call.
BY_CUSTOMER = frozenset({"cancel", "normalClearing"})


class BadEvent(ValueError):
    """The event lacks a field or carries a wrong one; the message says which."""


@dataclass(frozen=True)
class CtiEvent:
    """One event as the exchange wrote it. `users` are agents by name or user name."""

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
        event = _text(fields, "event", 20)
        if event not in EVENTS:
            raise BadEvent(f"event must be one of {', '.join(EVENTS)}")
        direction = _text(fields, "direction", 3) or "in"
        if direction not in ("in", "out"):
            raise BadEvent("direction must be in or out")
        call_id = _text(fields, "callId", LONGEST_CALL_ID)
        if not call_id:
            raise BadEvent("callId is missing")
        return cls(
            event=event,
            call_id=call_id,
            from_number=_text(fields, "from", LONGEST_NUMBER),
            to_number=_text(fields, "to", LONGEST_NUMBER),
            direction=direction,
            users=_names(fields),
            queue=_text(fields, "queue", 120),
            cause=_text(fields, "cause", 40),
        )


def signals_of(event: CtiEvent, agent_of: Callable[[str], int | None], queue_id: int | None) -> Sequence[Signal]:
    """What an event means. `agent_of` finds the agent for a name, `queue_id` is the queue that was named."""
    agents = [agent for name in event.users if (agent := agent_of(name)) is not None]
    common: dict[str, Any] = {"provider": PROVIDER, "provider_call_id": event.call_id}
    match event.event:
        case "newCall":
            incoming = Incoming(
                **common,
                token=f"{event.call_id}:newCall",
                from_number=event.from_number,
                to_number=event.to_number,
                direction=event.direction,
                context={"queue_id": queue_id} if queue_id else {},
            )
            rung = [AgentRang(**common, token=f"{event.call_id}:rang:{agent}", agent_id=agent) for agent in agents[:1]]
            return [incoming, *rung]
        case "answer":
            return [
                AgentAnswered(**common, token=f"{event.call_id}:answer:{agent}", agent_id=agent) for agent in agents[:1]
            ]
        case _:
            by = "customer" if event.cause in BY_CUSTOMER else "carrier"
            return [CallFinished(**common, token=f"{event.call_id}:hangup", by=by)]


def _text(fields: Mapping[str, object], name: str, longest: int) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str | int):
        raise BadEvent(f"{name} must be text")
    text = str(value).strip()
    if len(text) > longest:
        raise BadEvent(f"{name} is longer than {longest} characters")
    return text


def _names(fields: Mapping[str, object]) -> tuple[str, ...]:
    value = fields.get("user") or fields.get("user[]") or ()
    names = [value] if isinstance(value, str) else value
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) for name in names):
        raise BadEvent("user must be a name or a list of names")
    return tuple(name.strip() for name in names if name.strip())
