"""A call flow as data: nodes by id, each with a kind, words in every language, and exits that lead to other nodes.

{"start": "n1", "languages": ["en", "zh-hans"], "nodes": {
    "n1": {"kind": "menu", "prompt": {"en": {"text": "…"}}, "labels": {"1": {"en": "Invoices"}},
           "exits": {"1": "n2", "timeout": "n3", "wrong": "n3"}, "timeout_s": 6, "tries": 3}, …}}
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

KEYS = "1234567890*#"
SILENT, WRONG = "timeout", "wrong"


class NodeKind(TextChoices):
    """What a node does, in the order in which an editor offers them."""

    MESSAGE = "message", _("Message")
    MENU = "menu", _("Key menu")
    HOURS = "hours", _("Opening hours")
    LANGUAGE = "language", _("Language choice")
    COLLECT = "collect", _("Ask for a number")
    GRADE = "grade", _("Priority by grade")
    QUEUE = "queue", _("Queue")
    VOICEMAIL = "voicemail", _("Voicemail")
    NUMBER = "number", _("Another number")
    HANG_UP = "hang_up", _("Hang up")


ASKS = frozenset({NodeKind.MENU, NodeKind.LANGUAGE, NodeKind.COLLECT})
ENDS = frozenset({NodeKind.QUEUE, NodeKind.VOICEMAIL, NodeKind.NUMBER, NodeKind.HANG_UP})
SPEAKS = ASKS | {NodeKind.MESSAGE, NodeKind.VOICEMAIL}
EXITS: Mapping[NodeKind, tuple[str, ...]] = {
    NodeKind.MESSAGE: ("next",),
    NodeKind.HOURS: ("open", "closed"),
    NodeKind.LANGUAGE: ("next",),
    NodeKind.COLLECT: ("found", "not_found"),
    NodeKind.GRADE: ("next",),
    NodeKind.MENU: (SILENT, WRONG),
}


@dataclass(frozen=True)
class Words:
    """What is said in one language: `recording` (its id) is played where there is one, `text` is shown or spoken."""

    text: str = ""
    recording: int | None = None


@dataclass(frozen=True)
class Node:
    """One step. `settings` holds what only its kind knows."""

    id: str
    kind: NodeKind
    exits: Mapping[str, str] = field(default_factory=dict)
    prompt: Mapping[str, Words] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def exit_names(self) -> tuple[str, ...]:
        """Every way out that the node offers, connected or not; the keys of a menu come first."""
        keys = tuple(sorted(self.labels, key=KEYS.index)) if self.kind == NodeKind.MENU else ()
        return keys + EXITS.get(self.kind, ())

    @property
    def labels(self) -> Mapping[str, Mapping[str, str]]:
        """What the keys of a menu stand for: key -> language -> text."""
        return {key: names for key, names in self.settings.get("labels", {}).items() if key in KEYS}

    @property
    def languages(self) -> Mapping[str, str]:
        """The languages of a language choice: key -> language."""
        return dict(self.settings.get("choices", {}))

    @property
    def timeout_s(self) -> int:
        """Seconds without a key after which the caller counts as silent."""
        return int(self.settings.get("timeout_s", 6))

    @property
    def longest_s(self) -> int:
        """The longest message in seconds."""
        return int(self.settings.get("longest_s", 120))

    @property
    def tries(self) -> int:
        """How often the question is put before the caller is led on."""
        return max(1, int(self.settings.get("tries", 3)))

    def words(self, language: str) -> tuple[str, Words] | None:
        """What it says in this language, in another one where that is missing; None when it says nothing at all."""
        spoken = {code: words for code, words in self.prompt.items() if words.text or words.recording}
        chosen = language if language in spoken else next(iter(spoken), "")
        return (chosen, spoken[chosen]) if chosen else None


@dataclass(frozen=True)
class Flow:
    """A whole flow. A node that is asked for and does not exist is None: the caller then simply waits in line."""

    start: str
    nodes: Mapping[str, Node]
    languages: tuple[str, ...]

    @classmethod
    def read(cls, tree: Mapping[str, Any]) -> "Flow":
        """The flow behind its stored form; nodes of an unknown kind are left out."""
        nodes = {
            node_id: _node(node_id, data)
            for node_id, data in tree.get("nodes", {}).items()
            if data.get("kind") in NodeKind.values
        }
        return cls(str(tree.get("start", "")), nodes, tuple(tree.get("languages", ())))

    def node(self, node_id: str) -> Node | None:
        return self.nodes.get(node_id)


def _node(node_id: str, data: Mapping[str, Any]) -> Node:
    return Node(
        id=node_id,
        kind=NodeKind(data["kind"]),
        exits=dict(data.get("exits", {})),
        prompt={
            language: Words(words.get("text", ""), words.get("recording"))
            for language, words in data.get("prompt", {}).items()
        },
        settings={name: value for name, value in data.items() if name not in ("kind", "exits", "prompt")},
    )
