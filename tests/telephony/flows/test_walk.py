"""Where keys, numbers and silence lead, without a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from telephony.flows import speech
from telephony.flows.tree import Flow
from telephony.flows.walk import Position, begin, enter
from tests.telephony.flows.trees import hang_up, menu, message, queue, says, tree, whole


@dataclass
class World:
    """What the flow's questions to the desk are answered with."""

    opened: bool = True
    customer_grade: str = ""

    def is_open(self, calendar: str) -> bool:
        return self.opened

    def find(self, what: str, digits: str) -> Mapping[str, Any] | None:
        return {"ticket_id": int(digits)} if digits == "20418" else None

    def grade(self) -> str:
        return self.customer_grade


def walk(data: dict[str, Any], *entered: str, world: World | None = None, language: str = "en") -> Position:
    flow, world = Flow.read(data), world or World()
    position = begin(flow, language, world)
    for digits in entered:
        position = enter(flow, position, digits, world)
    return position


def heard(data: dict[str, Any], position: Position) -> list[str]:
    return [piece.text for piece in speech.utterances(Flow.read(data), position)]


def test_messages_are_heard_on_the_way_to_the_question() -> None:
    data = tree("hello", hello=message("Welcome", "menu"), menu=menu("Choose", key1="line"), line=queue())
    position = walk(data)
    assert position.node == "menu"
    assert heard(data, position) == ["Welcome", "Choose"]


def test_closed_hours_lead_elsewhere() -> None:
    data = tree(
        "hours", hours={"kind": "hours", "exits": {"open": "line", "closed": "bye"}}, line=queue(), bye=hang_up()
    )
    assert walk(data).node == "line"
    assert walk(data, world=World(opened=False)).node == "bye"


def test_chosen_language_is_spoken_from_then_on() -> None:
    position = walk(whole(), "2")
    assert (position.language, position.node) == ("zh-hans", "menu")


def test_language_choice_is_put_in_every_language() -> None:
    assert heard(whole(), walk(whole())) == ["For English press 1", "中文请按2"]


def test_wrong_keys_repeat_the_question_until_their_limit() -> None:
    once = walk(whole(), "1", "9")
    assert (once.node, once.remark, once.said) == ("menu", "wrong", ("menu",))
    assert walk(whole(), "1", "9", "9").node == "bye"


def test_silence_repeats_the_question_until_its_limit() -> None:
    once = walk(whole(), "1", "")
    assert (once.node, once.remark) == ("menu", "timeout")
    assert walk(whole(), "1", "", "").node == "sales"


def test_limits_count_for_each_question_anew() -> None:
    assert walk(whole(), "1", "9", "1", "777", "777", "777", "9").node == "menu2"


def test_number_that_is_found_is_known_to_the_call() -> None:
    position = walk(whole(), "1", "1", "20418")
    assert (position.node, position.known) == ("line", {"ticket_id": 20418})


def test_number_that_is_not_found_is_asked_again_and_then_given_up() -> None:
    assert walk(whole(), "1", "1", "5").remark == "not_found"
    assert walk(whole(), "1", "1", "5", "5", "5").node == "menu2"


def test_grade_gives_a_head_start() -> None:
    assert walk(whole(), "1", "1", "20418", world=World(customer_grade="A")).boost_s == 300
    assert walk(whole(), "1", "1", "20418", world=World(customer_grade="C")).boost_s == 0


def test_flow_that_goes_round_for_ever_is_left() -> None:
    data = tree("one", one=message("One", "two"), two=message("Two", "one"))
    assert walk(data).node == ""


def test_way_that_leads_nowhere_leaves_the_flow() -> None:
    assert walk(tree("menu", menu=menu(key1="gone")), "1").node == ""


def test_prompt_of_another_language_is_better_than_silence() -> None:
    data = tree("menu", menu={**menu(key1="line"), "prompt": {"en": {"text": "Choose"}}}, line=queue())
    [piece] = speech.utterances(Flow.read(data), walk(data, language="zh-hans"))
    assert (piece.language, piece.text) == ("en", "Choose")


def test_question_says_what_may_be_entered() -> None:
    flow = Flow.read(whole())
    choices = speech.question(flow, walk(whole(), "1"))
    assert choices is not None and [choice.key for choice in choices.choices] == ["1", "2"]
    number = speech.question(flow, walk(whole(), "1", "1"))
    assert number is not None and number.is_number


def test_position_survives_its_row() -> None:
    position = walk(whole(), "1", "1", "20418")
    assert Position.of(position.as_json()) == position


KINDS = st.sampled_from(["message", "menu", "hours", "language", "collect", "grade", "queue", "hang_up"])
NAMES = st.sampled_from(["a", "b", "c", "d", "gone"])


@st.composite
def any_tree(draw: st.DrawFn) -> dict[str, Any]:
    exits = st.dictionaries(
        st.sampled_from(["1", "2", "timeout", "wrong", "next", "open", "closed", "found", "not_found"]), NAMES
    )
    nodes = {
        name: {
            "kind": draw(KINDS),
            "exits": draw(exits),
            "prompt": says("x"),
            "labels": {"1": {"en": "One"}, "2": {}},
            "choices": {"1": "en"},
        }
        for name in ("a", "b", "c", "d")
    }
    return tree("a", **nodes)


@given(any_tree(), st.lists(st.sampled_from(["", "1", "2", "9", "20418"]), max_size=12))
def test_every_flow_and_every_entry_comes_to_a_place(data: dict[str, Any], entered: list[str]) -> None:
    flow = Flow.read(data)
    position = walk(data, *entered)
    assert position.node == "" or flow.node(position.node) is not None
    assert Position.of(position.as_json()) == position
    speech.utterances(flow, position)
