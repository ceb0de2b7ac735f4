"""Questionnaires: questions in their order, and which follows upon which answer. Plain data, no database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext_lazy as _

END = "end"
LONGEST_TEXT = 2000
WIDEST_SCALE = 10


class QuestionKind(TextChoices):
    SCALE = "scale", _("Scale")
    SINGLE = "single", _("One of several")
    MULTIPLE = "multiple", _("Several of several")
    YES_NO = "yes_no", _("Yes or no")
    TEXT = "text", _("Free text")


class BadAnswer(ValueError):
    """An answer that the question does not take."""


@dataclass(frozen=True)
class Question:
    """One question. `branches` leads from an answer (a choice's code, a step of the scale, yes or no) to a question.

    Whatever no branch names goes to the next question in order.
    """

    code: str
    kind: str = QuestionKind.TEXT
    text: str = ""
    text_zh: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()
    highest: int = 5
    is_required: bool = False
    branches: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return (self.text_zh or self.text) if _chinese() else self.text

    @property
    def kind_label(self) -> str:
        return str(QuestionKind(self.kind).label)

    @property
    def options(self) -> list[tuple[str, str]]:
        """What can be chosen, with its words; nothing for free text."""
        if self.kind == QuestionKind.SCALE:
            return [(str(step), str(step)) for step in range(1, self.highest + 1)]
        if self.kind == QuestionKind.YES_NO:
            return [("yes", pgettext("answer", "Yes")), ("no", pgettext("answer", "No"))]
        return [(code, (zh or name) if _chinese() else name) for code, name, zh in self.choices]

    def read(self, given: Sequence[str]) -> str | list[str] | None:
        """An answer as it is stored, None for none. Raises BadAnswer."""
        texts = [text.strip() for text in given if text.strip()]
        if not texts:
            if self.is_required:
                raise BadAnswer(self.code)
            return None
        if self.kind == QuestionKind.TEXT:
            return texts[0].replace("\0", "")[:LONGEST_TEXT]
        known = {code for code, _label in self.options}
        if not set(texts) <= known or (len(texts) > 1 and self.kind != QuestionKind.MULTIPLE):
            raise BadAnswer(self.code)
        return list(dict.fromkeys(texts)) if self.kind == QuestionKind.MULTIPLE else texts[0]

    def words_of(self, answer: object) -> str:
        """A stored answer in the reader's words."""
        names = dict(self.options)
        parts = answer if isinstance(answer, list) else [answer]
        return pgettext("between parts", ", ").join(names.get(str(part), str(part)) for part in parts)


@dataclass(frozen=True)
class Questionnaire:
    questions: tuple[Question, ...] = ()

    def question(self, code: str) -> Question | None:
        return next((one for one in self.questions if one.code == code), None)

    def after(self, question: Question, answer: object) -> str:
        """The code of what follows upon an answer, `END` after the last."""
        named = answer if isinstance(answer, list) else [answer]
        branch = next((question.branches[str(one)] for one in named if str(one) in question.branches), "")
        return branch or self.in_order(question)

    def in_order(self, question: Question) -> str:
        place = self.questions.index(question) + 1
        return self.questions[place].code if place < len(self.questions) else END

    def ways(self, question: Question) -> set[str]:
        """Everything that may follow upon some answer."""
        onward = {target for target in question.branches.values() if target}
        codes = {code for code, _label in question.options}
        # Where each possible answer branches and one must be given, the order itself leads nowhere.
        if not codes or not question.is_required or codes - {code for code, to in question.branches.items() if to}:
            onward.add(self.in_order(question))
        return onward

    def walk(self, answers: Mapping[str, object]) -> Iterator[Question]:
        """The questions that these answers lead through, the first one without an answer being the last."""
        code, seen = (self.questions[0].code if self.questions else END), set()
        while code != END and code not in seen:
            seen.add(code)
            question = self.question(code)
            if question is None:
                return
            yield question
            if code not in answers:
                return
            code = self.after(question, answers[code])

    def next_question(self, answers: Mapping[str, object]) -> Question | None:
        """What is asked now; None when all has been asked. An answer of None was passed over."""
        return next((one for one in self.walk(answers) if one.code not in answers), None)

    def given(self, answers: Mapping[str, object]) -> list[tuple[Question, str]]:
        """Questions with their answers in words, along the way that was walked."""
        return [(one, one.words_of(answers[one.code])) for one in self.walk(answers) if answers.get(one.code)]


FAULTS = {
    "empty": _("There are no questions."),
    "twice": _("Two questions have this code."),
    "silent": _("The question has no words."),
    "no_choices": _("There is nothing to choose from."),
    "nowhere": _("An answer leads to a question that is not there."),
    "loop": _("From here the questions go round in a circle."),
    "unreachable": _("No answer leads here."),
}


def faults(asked: Questionnaire) -> list[tuple[str, str]]:
    """What stands against publishing: codes of faults, each with the question that has it."""
    if not asked.questions:
        return [("empty", "")]
    codes = [one.code for one in asked.questions]
    found = [("twice", code) for code in dict.fromkeys(codes) if codes.count(code) > 1]
    for one in asked.questions:
        found += [("silent", one.code)] if not one.text.strip() else []
        chooses = one.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE)
        found += [("no_choices", one.code)] if chooses and len(one.choices) < 2 else []
        lost = [to for to in one.branches.values() if to and to != END and to not in codes]
        found += [("nowhere", one.code)] if lost else []
    return found or _faults_of_ways(asked)


def _faults_of_ways(asked: Questionnaire) -> list[tuple[str, str]]:
    onward = {one.code: asked.ways(one) - {END} for one in asked.questions}
    first = asked.questions[0].code
    met = _reached(onward, onward[first]) | {first}
    loops = [("loop", code) for code in onward if code in _reached(onward, onward[code])]
    return loops + [("unreachable", code) for code in onward if code not in met]


def _reached(onward: Mapping[str, set[str]], start: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += onward[code]
    return found


def read_questionnaire(document: Mapping[str, Any]) -> Questionnaire:
    """A stored document; what it does not say has its usual value."""
    rows = ({name: row[name] for name in row if name in Question.__dataclass_fields__} for row in document["questions"])
    return Questionnaire(
        tuple(Question(**row | {"choices": tuple(tuple(one) for one in row.get("choices", ()))}) for row in rows)
    )


def _chinese() -> bool:
    return (get_language() or "").startswith("zh")
