"""Asking customers how it went: what is asked, and each time that somebody was asked or said so unasked."""

import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Account, Contact, ListEntry, Queue
from crmcore.scoping import ScopedManager, ScopePaths
from tickets.models.questionnaires import Answering, Questionnaire
from tickets.models.ticket import Ticket

# For so long after the first tap an answer may still be changed.
CHANGEABLE = timedelta(days=1)


class Measure(models.TextChoices):
    """What one number measures; more is better in all of them."""

    CSAT = "csat", _("Satisfaction, 1 to 5")
    NPS = "nps", _("Recommendation, 0 to 10")
    EFFORT = "effort", _("Ease, 1 to 7")

    @property
    def scale(self) -> range:
        lowest, highest = {"csat": (1, 5), "nps": (0, 10), "effort": (1, 7)}[self.value]
        return range(lowest, highest + 1)


class SurveyTemplate(ListEntry):
    """One way of asking: the measure, by which ways, how often at most, and what follows a low score.

    Rules ask by it through the step `survey`; `low_steps` are steps like theirs.
    """

    class Way(models.TextChoices):
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")

    code = models.SlugField(unique=True)
    measure = models.CharField(max_length=8, choices=Measure, default=Measure.CSAT)
    ways = ArrayField(models.CharField(max_length=8, choices=Way), default=list, blank=True)
    delay_hours = models.PositiveSmallIntegerField(default=0)
    rest_days = models.PositiveSmallIntegerField(default=30)
    valid_days = models.PositiveSmallIntegerField(default=14)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, null=True, blank=True, related_name="surveys"
    )
    low_at = models.PositiveSmallIntegerField(null=True, blank=True)
    low_steps = models.JSONField(default=list, blank=True)


def new_token() -> str:
    """What only the asked customer knows; short enough for a text message."""
    return secrets.token_urlsafe(16)


class Survey(Answering):
    """One customer asked about one ticket; without a template, a rating that nobody asked for.

    With a `reference` it was asked by keypad after that call, beside whatever else is asked about the ticket.
    `agent` and `queue` are those in charge when it was planned: later changes of the ticket do not move the answer.
    """

    class State(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("survey", "Planned")
        ASKED = "asked", pgettext_lazy("survey", "Asked")
        ANSWERED = "answered", pgettext_lazy("survey", "Answered")
        EXPIRED = "expired", pgettext_lazy("survey", "Not answered")
        CANCELLED = "cancelled", pgettext_lazy("survey", "Cancelled")
        SPARED = "spared", pgettext_lazy("survey", "Asked lately already")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "ticket",
        "owner": "ticket__assignee",
        "team": "ticket__queue__team",
        "contact": "contact",
        "account": "account",
    }
    # Ended without having asked anybody: the ticket may be asked about again.
    VOID: ClassVar = (State.CANCELLED, State.SPARED)

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="surveys")
    template = models.ForeignKey(SurveyTemplate, on_delete=models.PROTECT, null=True, related_name="surveys")
    measure = models.CharField(max_length=8, choices=Measure)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="surveys")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="surveys")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="surveys")
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="surveys")
    token = models.CharField(max_length=40, unique=True, default=new_token)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    way = models.CharField(max_length=8, choices=SurveyTemplate.Way, blank=True)
    planned_at = models.DateTimeField()
    due_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    score = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    followed_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=60, blank=True)

    objects: ClassVar[ScopedManager["Survey"]] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="planned"), name="survey_to_ask"),
            models.Index(fields=["expires_at"], condition=Q(state="asked"), name="survey_to_expire"),
            models.Index(fields=["way"], condition=Q(state="asked", sent_at=None), name="survey_to_send"),
            models.Index(fields=["contact", "-asked_at"], name="survey_of_contact"),
            models.Index(fields=["-answered_at", "-id"], name="survey_answers"),
            models.Index(fields=["asked_at"], name="survey_asked"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["ticket"],
                condition=Q(template__isnull=False, reference="") & ~Q(state__in=["cancelled", "spared"]),
                name="one_survey_per_ticket",
            ),
            models.UniqueConstraint(fields=["reference"], condition=~Q(reference=""), name="one_survey_per_call"),
            models.UniqueConstraint(
                fields=["ticket"], condition=Q(template=None), name="one_unasked_rating_per_ticket"
            ),
            models.CheckConstraint(
                condition=Q(state="answered", score__isnull=False, answered_at__isnull=False)
                | (~Q(state="answered") & Q(score=None)),
                name="answered_surveys_have_a_score",
            ),
            models.CheckConstraint(
                condition=Q(score=None)
                | Q(measure="csat", score__range=(1, 5))
                | Q(measure="nps", score__range=(0, 10))
                | Q(measure="effort", score__range=(1, 7)),
                name="survey_score_on_its_scale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.measure}"

    @property
    def scale(self) -> range:
        return Measure(self.measure).scale

    def takes_answer(self, at: datetime) -> bool:
        """Whether a first answer counts, or another one in place of the last."""
        if self.state == self.State.ASKED:
            return self.expires_at is None or at < self.expires_at
        return self.state == self.State.ANSWERED and self.answered_at is not None and at < self.answered_at + CHANGEABLE
