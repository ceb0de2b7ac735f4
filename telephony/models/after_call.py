"""Asking callers by keypad how it went, once the agent has hung up: which queues do, and who was asked."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from crmcore.models import Queue
from telephony.models.call import Call
from tickets.models import Measure, Survey, SurveyTemplate


class AfterCallRule(models.Model):
    """The survey by which a queue asks its callers; a queue without a row asks nobody."""

    queue = models.OneToOneField(Queue, on_delete=models.CASCADE, related_name="after_call")
    template = models.ForeignKey(SurveyTemplate, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.queue}: {self.template}"


class AfterCall(models.Model):
    """One caller asked once about one call. `turn` counts what was pressed, so that a late key is known as such.

    The answer becomes a `survey` as soon as the call stands on a ticket.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        ANSWERED = "answered"
        SILENT = "silent"

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="after_call")
    template = models.ForeignKey(SurveyTemplate, on_delete=models.PROTECT, related_name="+")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    turn = models.PositiveSmallIntegerField(default=0)
    remark = models.CharField(max_length=8, blank=True)
    score = models.PositiveSmallIntegerField(null=True)
    asked_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    survey = models.OneToOneField(Survey, on_delete=models.SET_NULL, null=True, related_name="+")
    is_entered = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], condition=Q(state="asked"), name="after_call_to_end"),
            models.Index(fields=["asked_at"], condition=Q(is_entered=False), name="after_call_to_enter"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state="answered", score__isnull=False) | (~Q(state="answered") & Q(score=None)),
                name="answers_after_calls_have_a_score",
            )
        ]

    def __str__(self) -> str:
        return f"{self.call_id}: {self.state}"

    @property
    def template_scale(self) -> range:
        return Measure(self.template.measure).scale
