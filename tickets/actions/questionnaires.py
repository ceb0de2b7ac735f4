"""Questionnaires: drafted, published as they were looked at, answered question by question."""

from collections.abc import Callable, Sequence

from django.db import transaction

from crmcore.actions import audit
from crmcore.clock import now
from crmcore.models import User
from crmcore.permissions import require
from tickets.models import Questionnaire, QuestionnaireVersion
from tickets.models.questionnaires import Answering
from tickets.questionnaire_editing import Document
from tickets.questionnaires import faults


class QuestionnaireRefused(Exception):
    """The draft has faults, or is no longer the one that was looked at."""


@transaction.atomic
def edit_questionnaire(
    questionnaire: Questionnaire, change: Callable[[Document], Document], *, by: User
) -> QuestionnaireVersion:
    """Change the draft, begun from the version in use where there is none."""
    require(by, "settings", "edit")
    draft = _draft(questionnaire)
    draft.document, draft.revision = change(draft.document), draft.revision + 1
    draft.save(update_fields=["document", "revision"])
    return draft


@transaction.atomic
def publish_questionnaire(questionnaire: Questionnaire, *, revision: int, by: User) -> QuestionnaireVersion:
    """Ask by the draft from now on; who was asked before goes on with what they began. Raises QuestionnaireRefused."""
    require(by, "settings", "edit")
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    draft = questionnaire.draft
    if draft is None or draft.revision != revision or faults(draft.read()):
        raise QuestionnaireRefused(questionnaire.code)
    draft.published_at, draft.published_by = now(), by
    draft.save(update_fields=["published_at", "published_by"])
    audit.record("questionnaire.published", questionnaire, by=by, detail={"number": draft.number})
    return draft


@transaction.atomic
def discard_draft(questionnaire: Questionnaire, *, by: User) -> None:
    """Back to the version in use."""
    require(by, "settings", "edit")
    questionnaire.versions.filter(published_at=None).delete()


def write_down(held: Answering, code: str, given: Sequence[str]) -> bool:
    """Put the answer to the question that is next on a locked row; False where another one is asked by now.

    Raises BadAnswer. Saving the row is left to whoever locked it.
    """
    asked = held.questionnaire.read() if held.questionnaire else None
    question = asked.next_question(held.answers) if asked else None
    if question is None or question.code != code:
        return False
    held.answers = {**held.answers, code: question.read(given)}
    return True


def _draft(questionnaire: Questionnaire) -> QuestionnaireVersion:
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    if (draft := questionnaire.draft) is not None:
        return draft
    newest = questionnaire.versions.order_by("-number").first()
    document = newest.document if newest else {"questions": []}
    number = newest.number + 1 if newest else 1
    return QuestionnaireVersion.objects.create(questionnaire=questionnaire, number=number, document=document)
