"""The content library: questions and scripts that are kept for the next time, for everybody or for oneself."""

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from crmcore.models import ListEntry, User
from tickets.questionnaires import QuestionKind


class LibraryEntries(models.QuerySet[Any]):
    def visible_to(self, user: User) -> Self:
        """What is shared, and the person's own."""
        return self.filter(Q(is_shared=True) | Q(owner=user))


class LibraryEntry(ListEntry):
    """Kept by its owner, seen by colleagues if `is_shared`. What is taken from it is a copy and stays as it was."""

    code = models.SlugField(unique=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_shared = models.BooleanField(default=True)

    objects: ClassVar[Any] = LibraryEntries.as_manager()

    class Meta(ListEntry.Meta):
        abstract = True

    def neighbours(self) -> models.QuerySet[Any]:
        among = Q(is_shared=True) if self.is_shared else Q(is_shared=False, owner=self.owner_id)
        return super().neighbours().filter(among)


class LibraryQuestion(LibraryEntry):
    """One question, its name being what is asked; `choices` as in `tickets.questionnaires`."""

    name = models.CharField(max_length=300)
    name_zh = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=8, choices=QuestionKind, default=QuestionKind.SCALE)
    choices = models.JSONField(default=list, blank=True)
    highest = models.PositiveSmallIntegerField(default=5)
    is_required = models.BooleanField(default=False)

    @property
    def summary(self) -> str:
        return str(QuestionKind(self.kind).label)

    @property
    def values(self) -> dict[str, Any]:
        """The question as a questionnaire's document says it, without a code; its answers lead nowhere yet."""
        same = {name: getattr(self, name) for name in ("kind", "choices", "highest", "is_required")}
        return {"text": self.name, "text_zh": self.name_zh, "branches": {}, **same}


class LibraryScript(LibraryEntry):
    """What is said during a visit."""

    text = models.TextField()
    text_zh = models.TextField(blank=True)

    @property
    def summary(self) -> str:
        """The words in the reader's language where they were written in both."""
        chinese = (get_language() or "").startswith("zh")
        return (self.text_zh or self.text) if chinese else self.text
