"""The desk's own events, for exchanges that can tell more: rings, holds, transfers, queues, recordings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from telephony.providers.base import AgentAnswered, AgentRang, CallFinished, Incoming, Signal
from telephony.providers.cti.dialect import Surroundings
from telephony.providers.cti.fields import (
    LONGEST_CALL_ID,
    LONGEST_NUMBER,
    PROVIDER,
    BadEvent,
    call_key,
    choice,
    moment,
    needed,
    text,
)
from telephony.providers.foreign_signals import (
    CallerHeld,
    CallerResumed,
    PassedToAgent,
    QueueEntered,
    QueueLeft,
    RecordingMade,
)

TEST = "test"
ONCE = ("call.started", "call.ended")
WITH_AGENT = ("call.ringing", "call.answered", "call.transferred")
# These happen several times in a call: an id or a time tells a second one from a repetition.
REPEATABLE = ("call.held", "call.resumed", "call.transferred", "queue.entered", "queue.left")
TYPES = (*ONCE, *WITH_AGENT, "call.held", "call.resumed", "queue.entered", "queue.left", "call.recorded", TEST)


@dataclass(frozen=True)
class OwnEvent:
    """One event as the exchange wrote it; `agent` is an extension, an e-mail address or a name."""

    type: str
    call_id: str
    event_id: str
    at: datetime | None
    agent: str
    queue: str
    by: str
    url: str
    from_number: str
    to_number: str
    direction: str

    @classmethod
    def read(cls, fields: Mapping[str, object]) -> "OwnEvent":
        """Check the fields of one event. Raises BadEvent."""
        kind = choice(fields, "type", TYPES)
        event = cls(
            type=kind,
            call_id=text(fields, "call", LONGEST_CALL_ID) if kind == TEST else needed(fields, "call", LONGEST_CALL_ID),
            event_id=text(fields, "id", 80),
            at=moment(fields, "at"),
            agent=needed(fields, "agent", 120) if kind in WITH_AGENT else text(fields, "agent", 120),
            queue=needed(fields, "queue", 120) if kind == "queue.entered" else text(fields, "queue", 120),
            by=choice(fields, "by", ("customer", "agent", "system"), "system"),
            url=_address(fields) if kind == "call.recorded" else "",
            from_number=text(fields, "from", LONGEST_NUMBER),
            to_number=text(fields, "to", LONGEST_NUMBER),
            direction=choice(fields, "direction", ("in", "out"), "in"),
        )
        if kind in REPEATABLE and not event.event_id and event.at is None:
            raise BadEvent("id or at is needed, as this may happen twice in a call")
        return event

    @property
    def users(self) -> tuple[str, ...]:
        """Whom the event names."""
        return (self.agent,) if self.agent else ()

    def signals(self, desk: Surroundings) -> Sequence[Signal]:
        """What the event means. Raises BadEvent for a queue that the desk does not have."""
        key = call_key(desk.exchange_id, self.call_id)
        moment_of = self.event_id or (self.at.isoformat() if self.at else "")
        token = f"{key}:{self.type}" if self.type in ONCE else f"{key}:{self.type}:{moment_of}"
        common: dict[str, Any] = {
            "provider": PROVIDER,
            "provider_call_id": key,
            "token": token,
            "occurred_at": self.at,
        }
        if self.type in WITH_AGENT:
            return self._of_agent(desk, common)
        match self.type:
            case "call.started":
                return self._started(desk, common)
            case "call.ended":
                return [CallFinished(**common, by=self.by)]
            case "queue.entered":
                return [QueueEntered(**common, queue_id=self._queue(desk))]
            case "queue.left":
                return [QueueLeft(**common, gave_up=self.by == "customer")]
            case "call.recorded":
                return [
                    RecordingMade(
                        **{**common, "token": f"{token}:{sha256(self.url.encode()).hexdigest()[:16]}"}, url=self.url
                    )
                ]
            case "call.held":
                return [CallerHeld(**common)]
            case "call.resumed":
                return [CallerResumed(**common)]
        return []

    def _started(self, desk: Surroundings, common: dict[str, Any]) -> Sequence[Signal]:
        context = desk.context(self.queue)
        incoming = Incoming(
            **common,
            from_number=self.from_number,
            to_number=self.to_number,
            direction=self.direction,
            context=context,
        )
        return [incoming]

    def _of_agent(self, desk: Surroundings, common: dict[str, Any]) -> Sequence[Signal]:
        agent_id = desk.agent_of(self.agent)
        if agent_id is None:
            return []
        named = {**common, "token": f"{common['token']}:{agent_id}", "agent_id": agent_id}
        kinds: dict[str, type[AgentRang] | type[AgentAnswered] | type[PassedToAgent]] = {
            "call.ringing": AgentRang,
            "call.answered": AgentAnswered,
            "call.transferred": PassedToAgent,
        }
        return [kinds[self.type](**named)]

    def _queue(self, desk: Surroundings) -> int:
        queue_id = desk.queue_of(self.queue)
        if queue_id is None:
            raise BadEvent(f"queue: the desk has none called {self.queue}")
        return queue_id


def _address(fields: Mapping[str, object]) -> str:
    url = needed(fields, "url", 500)
    if not url.startswith(("https://", "http://")):
        raise BadEvent("url must begin with https://")
    return url
