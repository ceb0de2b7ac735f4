"""Changing a flow keeps what hangs on the changed place."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from telephony.flows import editing
from telephony.flows.outline import outline
from telephony.flows.tree import Flow, NodeKind
from tests.telephony.flows.trees import hang_up, menu, message, queue, tree


def test_new_flow_leads_to_the_queue_of_the_number() -> None:
    flow = Flow.read(editing.new_tree(["en"]))
    assert [node.kind for node in flow.nodes.values()] == [NodeKind.QUEUE]
    assert flow.start == "n1"


def test_new_step_stands_before_what_came_there() -> None:
    before = tree("line", line=queue())
    after, added = editing.add_node(before, "", "", NodeKind.MESSAGE)
    assert (after["start"], after["nodes"][added]["exits"]) == (added, {"next": "line"})
    assert before["start"] == "line"


def test_removed_step_leaves_the_way_whole() -> None:
    data = tree("hi", hi=message("Hi", "then"), then=message("Then", "line"), line=queue())
    assert editing.remove_node(data, "then")["nodes"]["hi"]["exits"] == {"next": "line"}
    assert editing.remove_node(data, "hi")["start"] == "then"


def test_removed_menu_leaves_its_branches_for_somebody_to_connect() -> None:
    data = tree("menu", menu=menu(labels=("1",), key1="line", timeout="bye", wrong="bye"), line=queue(), bye=hang_up())
    left = editing.remove_node(data, "menu")
    assert set(left["nodes"]) == {"line", "bye"} and left["start"] == ""
    assert {row.node.id for row in outline(Flow.read(left)) if row.node} == {"line", "bye"}


def test_key_goes_together_with_its_way() -> None:
    data = tree("menu", menu=menu(key1="line", key2="line", timeout="line", wrong="line"), line=queue())
    left = editing.set_key(data, "menu", "2", present=False)
    assert set(left["nodes"]["menu"]["labels"]) == {"1"} and "2" not in left["nodes"]["menu"]["exits"]


def test_every_step_is_drawn_once() -> None:
    data = tree("hi", hi=message("Hi", "menu"), menu=menu(key1="hi", key2="line", timeout="line", wrong="line"))
    data["nodes"] |= {"line": queue(), "island": hang_up()}
    rows = outline(Flow.read(data))
    drawn = [row.node.id for row in rows if row.node and not row.is_reference]
    assert sorted(drawn) == ["hi", "island", "line", "menu"]
    assert [row.way for row in rows if row.is_reference] == ["1", "timeout", "wrong"]


ACTS = st.lists(st.tuples(st.sampled_from(list(NodeKind)), st.integers(0, 30), st.booleans()), max_size=12)


@given(ACTS)
@settings(deadline=None, suppress_health_check=list(HealthCheck))
def test_any_changes_leave_a_flow_that_can_be_drawn(acts: list[tuple[NodeKind, int, bool]]) -> None:
    data = editing.new_tree(["en", "zh-hans"])
    for kind, number, removes in acts:
        rows = outline(Flow.read(data))
        row = rows[number % len(rows)]
        if removes and row.node is not None:
            data = editing.remove_node(data, row.node.id)
        elif row.way != "-":
            data, _added = editing.add_node(data, row.at, row.way, kind)
    drawn = [row.node.id for row in outline(Flow.read(data)) if row.node and not row.is_reference]
    assert sorted(drawn) == sorted(data["nodes"])
