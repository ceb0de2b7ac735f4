"""Every fault is said at the node that has it."""

from typing import Any

from telephony.flows.checks import Desk, faults
from telephony.flows.tree import Flow
from tests.telephony.flows.trees import hang_up, menu, message, queue, tree, whole

DESK = Desk(queues={"sales": 2, "empty": 0}, calendars=frozenset({"office"}), region="CN")


def found(data: dict[str, Any]) -> dict[str, list[str]]:
    by_node: dict[str, list[str]] = {}
    for fault in faults(Flow.read(data), DESK):
        by_node.setdefault(fault.node, []).append(fault.message)
    return by_node


def test_whole_flow_has_no_fault() -> None:
    assert found(whole()) == {}


def test_flow_without_a_first_step() -> None:
    assert found({"start": "", "nodes": {}, "languages": ["en"]}) == {"": ["The flow has no first step."]}


def test_unreachable_node() -> None:
    assert found(tree("bye", bye=hang_up(), island=queue())) == {"island": ["No way leads here."]}


def test_loose_end() -> None:
    assert found(tree("menu", menu=menu(labels=("1",), key1="gone", timeout="bye", wrong="bye"), bye=hang_up())) == {
        "menu": ["The way “Key 1” leads nowhere."]
    }


def test_circle_that_is_walked_in_silence() -> None:
    circle = tree("hi", hi=message("Hi", "menu"), menu=menu(labels=("1",), key1="bye", timeout="hi", wrong="bye"))
    circle["nodes"]["bye"] = hang_up()
    assert set(found(circle)) == {"hi", "menu"}


def test_way_back_by_a_key_is_no_endless_circle() -> None:
    back = tree("menu", menu=menu(labels=("1",), key1="more", timeout="bye", wrong="bye"), bye=hang_up())
    back["nodes"]["more"] = menu(labels=("9",), key9="menu", timeout="bye", wrong="bye")
    assert found(back) == {}


def test_missing_prompt_in_a_language() -> None:
    data = tree("hi", hi=message("Hi", "bye"), bye=hang_up())
    del data["nodes"]["hi"]["prompt"]["zh-hans"]
    assert found(data) == {"hi": ["Nothing is said in Chinese."]}


def test_recording_is_a_prompt() -> None:
    data = tree("hi", hi=message("Hi", "bye"), bye=hang_up())
    data["nodes"]["hi"]["prompt"]["zh-hans"] = {"text": "", "recording": 4}
    assert found(data) == {}


def test_key_without_a_name() -> None:
    data = tree("menu", menu=menu(labels=("1",), key1="bye", timeout="bye", wrong="bye"), bye=hang_up())
    data["nodes"]["menu"]["labels"]["1"] = {"en": "Sales"}
    assert found(data) == {"menu": ["Key 1 has no name in Chinese."]}


def test_dead_queue() -> None:
    assert found(tree("q", q=queue("gone"))) == {"q": ["This queue does not exist or is switched off."]}
    assert found(tree("q", q=queue("empty"))) == {"q": ["Nobody serves this queue."]}


def test_calendar_that_does_not_exist() -> None:
    data = tree("h", h={"kind": "hours", "calendar": "moon", "exits": {"open": "q", "closed": "q"}}, q=queue())
    assert found(data) == {"h": ["Choose the calendar that says when you are open."]}


def test_number_that_is_none() -> None:
    assert found(tree("n", n={"kind": "number", "number": "12"})) == {"n": ["This is no telephone number."]}
    assert found(tree("n", n={"kind": "number", "number": "+12025550100"})) == {}
