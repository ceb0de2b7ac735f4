"""Changing a flow: every function takes a stored tree and answers with the changed one."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from telephony.flows.tree import KEYS, Flow, NodeKind

Tree = dict[str, Any]
BEGINNING = ""
DEFAULTS: Mapping[NodeKind, Mapping[str, Any]] = {
    NodeKind.MENU: {"labels": {"1": {}, "2": {}}, "timeout_s": 6, "tries": 3},
    NodeKind.LANGUAGE: {"timeout_s": 6, "tries": 2},
    NodeKind.COLLECT: {"what": "ticket", "longest": 10, "timeout_s": 8, "tries": 2},
    NodeKind.GRADE: {"boosts": {"A": 120}},
}


def new_tree(languages: Sequence[str]) -> Tree:
    """A flow that leads everybody into the line's own queue."""
    tree: Tree = {"start": "", "languages": list(languages), "nodes": {}}
    return add_node(tree, BEGINNING, "", NodeKind.QUEUE)[0]


def add_node(tree: Tree, at: str, way: str, kind: NodeKind) -> tuple[Tree, str]:
    """Put a new node behind the way out `way` of the node `at`, or at the beginning; the tree and the node's id.

    What came there before comes behind the new node, where that has one way to go on.
    """
    tree = deepcopy(tree)
    node_id = _free_id(tree)
    node: dict[str, Any] = {"kind": str(kind), "prompt": {}, "exits": {}, **deepcopy(dict(DEFAULTS.get(kind, {})))}
    if kind == NodeKind.LANGUAGE:
        node["choices"] = dict(zip(KEYS, tree["languages"], strict=False))
    before = _target(tree, at, way)
    tree["nodes"][node_id] = node
    ways = Flow.read(tree).nodes[node_id].exit_names
    if before and ways:
        node["exits"][ways[0]] = before
    _connect(tree, at, way, node_id)
    return tree, node_id


def connect(tree: Tree, at: str, way: str, target: str) -> Tree:
    """Let a way out lead to another node, or nowhere."""
    tree = deepcopy(tree)
    _connect(tree, at, way, target)
    return tree


def write_node(tree: Tree, node_id: str, content: Mapping[str, Any]) -> Tree:
    """Replace what a node says and knows; its kind stays, and so do the ways that `content` does not name."""
    tree = deepcopy(tree)
    node = tree["nodes"][node_id]
    exits = {**node.get("exits", {}), **content.get("exits", {})}
    node.update({**content, "exits": exits})
    ways = Flow.read(tree).nodes[node_id].exit_names
    node["exits"] = {way: target for way, target in exits.items() if way in ways and target}
    return tree


def set_key(tree: Tree, node_id: str, key: str, *, present: bool) -> Tree:
    """Give a menu a key, or take one from it together with its way."""
    tree = deepcopy(tree)
    node = tree["nodes"].get(node_id)
    if node is None or node["kind"] != NodeKind.MENU or key not in KEYS:
        return tree
    if present:
        node.setdefault("labels", {}).setdefault(key, {})
    else:
        node.get("labels", {}).pop(key, None)
        node.get("exits", {}).pop(key, None)
    return tree


def remove_node(tree: Tree, node_id: str) -> Tree:
    """Take a node out. What led to it leads to what came next, where there was one way on."""
    tree = deepcopy(tree)
    node = Flow.read(tree).node(node_id)
    tree["nodes"].pop(node_id, None)
    after = ""
    if node is not None and node.exit_names:
        after = node.exits.get(node.exit_names[0], "") if len(node.exit_names) == 1 else ""
    after = after if after != node_id else ""
    if tree["start"] == node_id:
        tree["start"] = after
    for other in tree["nodes"].values():
        led = {way: after if target == node_id else target for way, target in other.get("exits", {}).items()}
        other["exits"] = {way: target for way, target in led.items() if target}
    return tree


def _target(tree: Tree, at: str, way: str) -> str:
    return str(tree["start"] if at == BEGINNING else tree["nodes"][at].get("exits", {}).get(way, ""))


def _connect(tree: Tree, at: str, way: str, target: str) -> None:
    if at == BEGINNING:
        tree["start"] = target
    elif target:
        tree["nodes"][at].setdefault("exits", {})[way] = target
    else:
        tree["nodes"][at].get("exits", {}).pop(way, None)


def _free_id(tree: Tree) -> str:
    numbers = [int(node_id[1:]) for node_id in tree["nodes"] if node_id[1:].isdigit()]
    return f"n{max(numbers, default=0) + 1}"
