"""A flow drawn as a tree: each node where the first way leads to it, every other way as a reference to it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import get_language

from telephony.flows.checks import exit_label
from telephony.flows.tree import Flow, Node, NodeKind


@dataclass(frozen=True)
class Row:
    """One way and what it leads to. `at` and `way` name the way; `node` is None where it leads nowhere."""

    depth: int
    at: str
    way: str
    node: Node | None
    is_reference: bool = False


def outline(flow: Flow) -> list[Row]:
    """The rows from the beginning on; nodes that no way leads to follow at the end, each with what hangs on it."""
    drawn: set[str] = set()
    rows = list(_rows(flow, "", "", flow.start, 0, drawn))
    for node_id in flow.nodes:
        if node_id not in drawn:
            rows += _rows(flow, "", "-", node_id, 0, drawn)
    return rows


def way_label(flow: Flow, row: Row) -> str:
    """What a way is called for the reader: the key of a menu with its name, open or closed; nothing for “then”."""
    node = flow.node(row.at)
    if node is None or row.way == "next":
        return ""
    if node.kind == NodeKind.MENU and row.way in node.labels:
        names = node.labels[row.way]
        name = names.get(get_language() or "") or next((text for text in names.values() if text), "")
        return f"{row.way} {name}".strip()
    return exit_label(row.way)


def _rows(flow: Flow, at: str, way: str, target: str, depth: int, drawn: set[str]) -> Iterator[Row]:
    node = flow.node(target)
    known = target in drawn
    yield Row(depth, at, way, node, is_reference=node is not None and known)
    if node is None or known:
        return
    drawn.add(target)
    # What simply follows stands below at the same depth; choices are set in.
    deeper = depth if node.exit_names == ("next",) else depth + 1
    for name in node.exit_names:
        yield from _rows(flow, node.id, name, node.exits.get(name, ""), deeper, drawn)
