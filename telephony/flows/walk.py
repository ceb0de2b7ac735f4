"""Walking through a flow: where a caller stands, and where a key, a number or silence leads."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Protocol

from telephony.flows.tree import ASKS, ENDS, SILENT, WRONG, Flow, Node, NodeKind

NOT_FOUND = "not_found"


class Facts(Protocol):
    """What the desk knows about the world and the caller."""

    def is_open(self, calendar: str) -> bool:
        """Whether the calendar called so is open now; one that does not exist is always open."""
        ...

    def find(self, what: str, digits: str) -> Mapping[str, Any] | None:
        """What a typed ticket or customer number stands for, as a call's context; None for nothing."""
        ...

    def grade(self) -> str:
        """The grade of the customer as far as it is known, else an empty text."""
        ...


@dataclass(frozen=True)
class Position:
    """Where a caller stands. An empty `node` means: out of the flow, into the line's own queue.

    `turn` counts what was entered, so that an answer to an earlier question is known as such. `said` are the nodes
    heard in this turn. `remark` (wrong, timeout, not_found) is why the question is put again. `boost_s` is the head
    start in seconds that the grade gave, `known` what was found out about the call.
    """

    node: str
    language: str
    turn: int = 0
    said: tuple[str, ...] = ()
    remark: str = ""
    silences: int = 0
    errors: int = 0
    boost_s: int = 0
    known: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "said": list(self.said)}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Position":
        """The stored position again. Raises TypeError for something else."""
        known = {name: value for name, value in data.items() if name in cls.__dataclass_fields__}
        return cls(**{**known, "said": tuple(known.get("said", ()))})


def begin(flow: Flow, language: str, facts: Facts) -> Position:
    """Where a caller who has just arrived is led."""
    return _run(flow, Position(flow.start, language), facts)


def enter(flow: Flow, position: Position, digits: str, facts: Facts) -> Position:
    """Where what was entered leads; empty digits are silence. A place that asks nothing is left by nothing."""
    node = flow.node(position.node)
    if node is None or node.kind not in ASKS:
        return position
    position = replace(position, turn=position.turn + 1, said=(), remark="")
    if not digits:
        return _silence(flow, node, position, facts)
    match node.kind:
        case NodeKind.MENU if digits in node.labels:
            return _leave(flow, node, digits, position, facts)
        case NodeKind.LANGUAGE if digits in node.languages:
            return _leave(flow, node, "next", replace(position, language=node.languages[digits]), facts)
        case NodeKind.COLLECT:
            return _look_up(flow, node, digits, position, facts)
    return _error(flow, node, WRONG, position, facts)


def _look_up(flow: Flow, node: Node, digits: str, position: Position, facts: Facts) -> Position:
    found = facts.find(str(node.settings.get("what", "ticket")), digits)
    if found is None:
        return _error(flow, node, NOT_FOUND, position, facts)
    return _leave(flow, node, "found", replace(position, known={**position.known, **found}), facts)


def _silence(flow: Flow, node: Node, position: Position, facts: Facts) -> Position:
    position = replace(position, silences=position.silences + 1, remark=SILENT)
    if position.silences < node.tries:
        return replace(position, said=(node.id,))
    return _leave(flow, node, _given_up(node, SILENT), position, facts)


def _error(flow: Flow, node: Node, remark: str, position: Position, facts: Facts) -> Position:
    position = replace(position, errors=position.errors + 1, remark=remark)
    if position.errors < node.tries:
        return replace(position, said=(node.id,))
    return _leave(flow, node, _given_up(node, WRONG), position, facts)


def _given_up(node: Node, way: str) -> str:
    """The exit for callers who never found the right key."""
    return {NodeKind.MENU: way, NodeKind.COLLECT: NOT_FOUND}.get(node.kind, "next")


def _leave(flow: Flow, node: Node, way: str, position: Position, facts: Facts) -> Position:
    moved = replace(position, node=node.exits.get(way, ""), silences=0, errors=0, remark="")
    return _run(flow, moved, facts)


def _run(flow: Flow, position: Position, facts: Facts) -> Position:
    """Go on until something is asked or the flow ends. Whoever would go round for ever leaves the flow."""
    for _hop in range(len(flow.nodes) + 1):
        node = flow.node(position.node)
        if node is None:
            break
        if node.prompt:
            position = replace(position, said=(*position.said, node.id))
        if node.kind in ASKS | ENDS:
            return position
        if node.kind == NodeKind.GRADE:
            seconds = node.settings.get("boosts", {}).get(facts.grade(), 0)
            position = replace(position, boost_s=int(seconds))
        position = replace(position, node=node.exits.get(_way(node, facts), ""))
    return replace(position, node="")


def _way(node: Node, facts: Facts) -> str:
    if node.kind == NodeKind.HOURS:
        return "open" if facts.is_open(str(node.settings.get("calendar", ""))) else "closed"
    return "next"
