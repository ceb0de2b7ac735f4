"""Keeping a question of a questionnaire for the next time."""

from django.db import transaction

from crmcore.actions.catalogue import save_entry
from crmcore.models import User
from tickets.models import LibraryQuestion, Questionnaire
from tickets.questionnaires import Question


@transaction.atomic
def keep_question(questionnaire: Questionnaire, question: Question, *, by: User) -> LibraryQuestion:
    """Put a copy into the library, shared; one that `by` finds there already stays the only one.

    Raises PermissionDenied.
    """
    Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    facts = {
        "name": question.text,
        "name_zh": question.text_zh,
        "kind": question.kind,
        "choices": [list(choice) for choice in question.choices],
        "highest": question.highest,
        "is_required": question.is_required,
    }
    known: LibraryQuestion | None = LibraryQuestion.objects.visible_to(by).filter(is_active=True, **facts).first()
    entry = known or LibraryQuestion(owner=by, **facts)
    if known is None:
        save_entry(entry, by=by)
    return entry
