"""What a caller hears at a position, and what is expected of them then."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext

from telephony.flows.tree import ASKS, KEYS, SILENT, WRONG, Flow, Node, NodeKind
from telephony.flows.walk import NOT_FOUND, Position

WORDS_PER_SECOND = 2.2
HAN_PER_SECOND = 4.0
LONGEST_NUMBER = 20


@dataclass(frozen=True)
class Utterance:
    """Something said in one language, spoken from its text or played from a recording."""

    language: str
    text: str
    recording: int | None = None

    @property
    def seconds(self) -> float:
        """About how long it takes to say."""
        han = sum("\u4e00" <= letter <= "\u9fff" for letter in self.text)
        return han / HAN_PER_SECOND + len(self.text.split()) / WORDS_PER_SECOND


@dataclass(frozen=True)
class Choice:
    """A key, and what it stands for in the language in which it is offered."""

    key: str
    label: str
    language: str


@dataclass(frozen=True)
class Question:
    """What the caller may enter: one of `choices`, or up to `longest` digits ended by `#`."""

    choices: tuple[Choice, ...]
    longest: int
    timeout_s: int

    @property
    def is_number(self) -> bool:
        return not self.choices


def utterances(flow: Flow, position: Position) -> list[Utterance]:
    """Everything said in this turn, in order."""
    return [*_remark(position), *(piece for node_id in position.said for piece in _spoken(flow, node_id, position))]


def question(flow: Flow, position: Position) -> Question | None:
    """What is asked at this position; None where nothing is."""
    node = flow.node(position.node)
    if node is None or node.kind not in ASKS:
        return None
    if node.kind == NodeKind.COLLECT:
        return Question((), min(LONGEST_NUMBER, int(node.settings.get("longest", 12))), node.timeout_s)
    return Question(tuple(_choices(node, position.language)), 1, node.timeout_s)


def _choices(node: Node, language: str) -> Iterator[Choice]:
    if node.kind == NodeKind.LANGUAGE:
        for key, spoken in sorted(node.languages.items(), key=lambda pair: KEYS.index(pair[0])):
            yield Choice(key, _own_name(spoken), spoken)
        return
    for key in sorted(node.labels, key=KEYS.index):
        names = node.labels[key]
        shown = language if names.get(language) else next((code for code, name in names.items() if name), language)
        yield Choice(key, names.get(shown, "") or key, shown)


def _own_name(language: str) -> str:
    return str(translation.get_language_info(language)["name_local"])


def _spoken(flow: Flow, node_id: str, position: Position) -> Iterator[Utterance]:
    node = flow.node(node_id)
    if node is None:
        return
    # Who chooses a language has not chosen one yet: the question is put in all of them.
    for wanted in list(node.prompt) if node.kind == NodeKind.LANGUAGE else [position.language]:
        if (said := node.words(wanted)) is not None:
            language, words = said
            yield Utterance(language, words.text, words.recording)


def _remark(position: Position) -> Iterator[Utterance]:
    with translation.override(position.language):
        text = {
            SILENT: gettext("Sorry, nothing reached us."),
            WRONG: gettext("That key is not in use here."),
            NOT_FOUND: gettext("We did not find that number."),
        }.get(position.remark)
    if text:
        yield Utterance(position.language, text)
