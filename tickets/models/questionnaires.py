"""Questionnaires in published versions that never change; a version without a date is the draft."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from crmcore.models import ListEntry
from tickets.questionnaires import Questionnaire as Questions
from tickets.questionnaires import read_questionnaire


class Questionnaire(ListEntry):
    """Several questions, asked after a survey's score or during a return visit."""

    code = models.SlugField(unique=True)

    @property
    def in_use(self) -> "QuestionnaireVersion | None":
        """The newest published version."""
        return self.versions.filter(published_at__isnull=False).order_by("-number").first()

    @property
    def draft(self) -> "QuestionnaireVersion | None":
        return self.versions.filter(published_at=None).first()


class QuestionnaireVersion(models.Model):
    """A document of `tickets.questionnaires`; `revision` counts the changes of a draft."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["questionnaire", "number"], name="one_questionnaire_version"),
            models.UniqueConstraint(
                fields=["questionnaire"], condition=Q(published_at=None), name="one_draft_per_questionnaire"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.questionnaire} v{self.number}"

    def read(self) -> Questions:
        return read_questionnaire(self.document)


class Answering(models.Model):
    """What has answers to a questionnaire: the version with which it began, and the answers by question."""

    questionnaire = models.ForeignKey(QuestionnaireVersion, on_delete=models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True
