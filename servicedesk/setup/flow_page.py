"""What the editor of a call flow shows: the tree with its faults, and the words of a test call."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from crmcore.models import Calendar, Queue
from servicedesk.setup.flow_forms import detail_of
from telephony.flows import speech, walk
from telephony.flows.checks import Fault
from telephony.flows.outline import Row, outline, way_label
from telephony.flows.speech import Question, Utterance
from telephony.flows.tree import ENDS, Flow, Node, NodeKind
from telephony.flows.walk import Position
from telephony.queries.flows import find_customer, find_ticket, is_open

ICONS: Mapping[NodeKind, str] = {
    NodeKind.MESSAGE: "icon:message-2",
    NodeKind.MENU: "icon:dialpad",
    NodeKind.HOURS: "icon:calendar-time",
    NodeKind.LANGUAGE: "icon:language",
    NodeKind.COLLECT: "icon:forms",
    NodeKind.GRADE: "icon:star",
    NodeKind.QUEUE: "icon:users-group",
    NodeKind.VOICEMAIL: "icon:record-mail",
    NodeKind.NUMBER: "icon:phone-outgoing",
    NodeKind.HANG_UP: "icon:phone-off",
}
DEEPEST = 8
SILENCE = "-"


@dataclass(frozen=True)
class Step:
    """One row of the tree, ready to be drawn."""

    row: Row
    label: str
    icon: str
    detail: str
    faults: list[str] = field(default_factory=list)

    @property
    def depth(self) -> int:
        """How far it is set in; deeper trees go on at the same depth."""
        return min(self.row.depth, DEEPEST)


def steps(flow: Flow, faults: list[Fault]) -> list[Step]:
    """The tree from the beginning on, with what is wrong at each node."""
    by_node: dict[str, list[str]] = {}
    for fault in faults:
        by_node.setdefault(fault.node, []).append(fault.message)
    places = {queue.code: queue.label for queue in Queue.objects.all()}
    places |= {f"calendar:{calendar.code}": calendar.label for calendar in Calendar.objects.all()}
    return [_step(flow, row, by_node, places) for row in outline(flow)]


def _step(flow: Flow, row: Row, faults: Mapping[str, list[str]], places: Mapping[str, str]) -> Step:
    node = row.node
    if node is None:
        return Step(row, way_label(flow, row), "", "")
    shown = [] if row.is_reference else faults.get(node.id, [])
    return Step(row, way_label(flow, row), ICONS[node.kind], _detail(node, places), shown)


def _detail(node: Node, places: Mapping[str, str]) -> str:
    if node.kind == NodeKind.QUEUE:
        code = str(node.settings.get("queue", ""))
        return places.get(code, code) or _("The number's own queue")
    if node.kind == NodeKind.HOURS:
        return places.get(f"calendar:{node.settings.get('calendar', '')}", "")
    return detail_of(node)


@dataclass(frozen=True)
class Turn:
    """What was pressed in a test call, and what was heard then."""

    pressed: str
    heard: list[Utterance]


@dataclass(frozen=True)
class TestCall:
    """A call that only this page knows: the turns so far, what is asked now, or how it ended."""

    turns: list[Turn]
    question: Question | None
    end: Node | None
    position: Position


@dataclass(frozen=True)
class Pretence:
    """`telephony.flows.walk.Facts` of a test call: hours and grade as the tester wants them, numbers as they are."""

    now: datetime
    hours: str = ""
    customer_grade: str = ""

    def is_open(self, calendar: str) -> bool:
        return is_open(calendar, self.now) if not self.hours else self.hours == "open"

    def find(self, what: str, digits: str) -> Mapping[str, Any] | None:
        return find_customer(digits) if what == "customer" else find_ticket(digits)

    def grade(self) -> str:
        return self.customer_grade


def test_call(flow: Flow, language: str, keys: str, facts: Pretence) -> TestCall:
    """Walk the flow from its beginning; `keys` are the entries so far, divided by commas, `-` for silence."""
    position = walk.begin(flow, language, facts)
    turns = [Turn("", speech.utterances(flow, position))]
    for pressed in _entries(keys):
        position = walk.enter(flow, position, "" if pressed == SILENCE else pressed, facts)
        turns.append(Turn(pressed, speech.utterances(flow, position)))
    node = flow.node(position.node)
    return TestCall(turns, speech.question(flow, position), node if node and node.kind in ENDS else None, position)


def _entries(keys: str) -> Iterator[str]:
    return (entry for entry in keys.split(",") if entry)
