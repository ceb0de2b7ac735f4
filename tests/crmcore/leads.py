"""What the tests of leads share: a source, grades, a card."""

from typing import Any

from crmcore.actions.leads import open_lead
from crmcore.models import CodeEntry, CodeList, IntentionGrade, Lead, User
from crmcore.shipped_grades import install_grades


def source(code: str = "website") -> CodeEntry:
    return CodeEntry.objects.get_or_create(list=CodeList.SOURCE, code=code, defaults={"name": code.title()})[0]


def grade(code: str) -> IntentionGrade:
    install_grades(IntentionGrade)
    return IntentionGrade.objects.get(code=code)


def card(by: User, **fields: Any) -> Lead:
    """A card of `by` with the grade A unless something else is said."""
    given = {"name": "Harriet Coyle", "source": source(), "grade": grade("a")} | fields
    return open_lead(by=by, **given)
