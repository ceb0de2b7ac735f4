"""Questionnaires: the way through them, and what keeps one from being published."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.questionnaires import BadAnswer, Question, QuestionKind, Questionnaire, faults, read_questionnaire

HAPPY = Question("happy", QuestionKind.YES_NO, "Happy?", is_required=True, branches={"no": "why", "yes": "end"})
WHY = Question("why", QuestionKind.MULTIPLE, "Why?", choices=(("slow", "Slow", "慢"), ("rude", "Rude", "态度差")))
MORE = Question("more", QuestionKind.TEXT, "More?")
ASKED = Questionnaire((HAPPY, WHY, MORE))


def test_answer_decides_what_is_asked_next() -> None:
    assert ASKED.next_question({}) == HAPPY
    assert ASKED.next_question({"happy": "yes"}) is None
    assert ASKED.next_question({"happy": "no"}) == WHY
    assert ASKED.next_question({"happy": "no", "why": ["slow"]}) == MORE
    assert ASKED.next_question({"happy": "no", "why": None, "more": None}) is None


def test_answers_off_the_way_are_not_shown() -> None:
    shown = ASKED.given({"happy": "yes", "why": ["slow"]})
    assert [question.code for question, _words in shown] == ["happy"]


@pytest.mark.parametrize(
    ("question", "given_", "read"),
    [
        (Question("s", QuestionKind.SCALE, "?"), ["5"], "5"),
        (WHY, ["rude", "slow", "rude"], ["rude", "slow"]),
        (MORE, ["  so  "], "so"),
        (MORE, [""], None),
    ],
)
def test_answers_are_read(question: Question, given_: list[str], read: object) -> None:
    assert question.read(given_) == read


@pytest.mark.parametrize(
    ("question", "given_"),
    [(Question("s", QuestionKind.SCALE, "?"), ["6"]), (HAPPY, []), (HAPPY, ["yes", "no"]), (WHY, ["other"])],
)
def test_answers_that_do_not_fit_are_refused(question: Question, given_: list[str]) -> None:
    with pytest.raises(BadAnswer):
        question.read(given_)


@pytest.mark.parametrize(
    ("questions", "fault"),
    [
        ((), "empty"),
        ((MORE, MORE), "twice"),
        ((Question("a"),), "silent"),
        ((Question("a", QuestionKind.SINGLE, "?"),), "no_choices"),
        ((Question("a", QuestionKind.YES_NO, "?", branches={"yes": "b"}),), "nowhere"),
        ((MORE, Question("b", QuestionKind.YES_NO, "?", branches={"no": "more"})), "loop"),
        (
            (
                Question("a", QuestionKind.YES_NO, "?", is_required=True, branches={"yes": "end", "no": "end"}),
                MORE,
            ),
            "unreachable",
        ),
    ],
)
def test_faults_are_found(questions: tuple[Question, ...], fault: str) -> None:
    assert fault in [code for code, _question in faults(Questionnaire(questions))]


def test_good_one_has_no_faults() -> None:
    assert not faults(ASKED)


targets = st.sampled_from(["", "end", "q0", "q1", "q2", "q3"])


@given(st.lists(st.tuples(targets, targets, st.booleans()), min_size=1, max_size=4), st.data())
def test_published_ones_always_come_to_an_end(rows: list[tuple[str, str, bool]], data: st.DataObject) -> None:
    asked = Questionnaire(
        tuple(
            Question(f"q{n}", QuestionKind.YES_NO, "?", is_required=must, branches={"yes": yes, "no": no})
            for n, (yes, no, must) in enumerate(rows)
        )
    )
    if faults(asked):
        return
    answers: dict[str, object] = {}
    for _ in range(len(rows)):
        question = asked.next_question(answers)
        if question is None:
            break
        answers[question.code] = data.draw(st.sampled_from(["yes", "no", None] if not question.is_required else ["no"]))
    assert asked.next_question(answers) is None


def test_document_is_read_with_usual_values() -> None:
    document = {"questions": [{"code": "a", "kind": "single", "text": "?", "choices": [["x", "X", ""]]}]}
    assert read_questionnaire(document).questions[0].choices == (("x", "X", ""),)
