"""What was answered to the questions that follow a score: means of scales, shares of choices."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from tickets.models import QuestionnaireVersion, Survey
from tickets.questionnaires import Question, QuestionKind

# The latest ones tell enough; each is read whole.
MOST = 5000


@dataclass(frozen=True)
class QuestionFigures:
    """One question, how many answered it, the mean of a scale (else None), and each choice with its number."""

    question: Question
    answers: int
    mean: float | None
    choices: list[tuple[str, int]]


def by_question(answers: QuerySet[Survey]) -> list[QuestionFigures]:
    """The questions of the questionnaires that were answered, in order; free text is read among the answers."""
    rows = answers.exclude(answers={}).order_by("-answered_at").values_list("questionnaire", "answers")[:MOST]
    given: dict[int, list[dict[str, object]]] = {}
    for version_id, document in rows:
        given.setdefault(version_id, []).append(document)
    versions = QuestionnaireVersion.objects.filter(pk__in=given).order_by("questionnaire", "number")
    return [
        found
        for version in versions
        for question in version.read().questions
        if question.kind != QuestionKind.TEXT and (found := _figures(question, given[version.pk])).answers
    ]


def _figures(question: Question, documents: list[dict[str, object]]) -> QuestionFigures:
    said = [answer for document in documents if (answer := document.get(question.code))]
    counted = Counter(one for answer in said for one in (answer if isinstance(answer, list) else [str(answer)]))
    mean = None
    if question.kind == QuestionKind.SCALE and said:
        mean = sum(int(code) * number for code, number in counted.items()) / sum(counted.values())
    return QuestionFigures(question, len(said), mean, [(label, counted[code]) for code, label in question.options])
