"""Visits that recur: by which rhythm, to whom, by whom, and whether the desk plans them at present."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Calendar, ListEntry, Team
from tickets.models.questionnaires import Questionnaire


class RecurringVisits(ListEntry):
    """A plan by which the desk itself plans visits, each once.

    `months` and `times` belong to the rhythms that count from a closing or a delivery, `days_before` to the warranty,
    `first_on` to the yearly one. Nothing before `since` is planned. `planned_on` is the day of its calendar on
    which it was last looked through; None asks for it again.
    """

    class Rhythm(models.TextChoices):
        CLOSING = "closing", _("After a ticket was closed")
        DELIVERY = "delivery", _("After a product was delivered")
        WARRANTY = "warranty", _("Before a warranty ends")
        BIRTHDAY = "birthday", _("On birthdays")
        YEARLY = "yearly", _("Every year on a day")

    class Who(models.TextChoices):
        OWNER = "owner", _("The customer's owner")
        LEADER = "leader", _("The team's leader")
        FEWEST = "fewest", _("Whoever of the team has the fewest open visits")

    code = models.SlugField(unique=True)
    rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.CLOSING)
    months = models.PositiveSmallIntegerField(default=6)
    times = models.PositiveSmallIntegerField(default=1)
    days_before = models.PositiveSmallIntegerField(default=30)
    first_on = models.DateField(null=True, blank=True)
    grades = ArrayField(models.CharField(max_length=1, choices=Account.Grade), default=list, blank=True)
    method = models.ForeignKey("tickets.VisitMethod", on_delete=models.PROTECT, related_name="recurring")
    theme = models.ForeignKey("tickets.VisitTheme", on_delete=models.PROTECT, related_name="recurring")
    script = models.TextField(blank=True)
    script_zh = models.TextField(blank=True)
    questionnaire = models.ForeignKey(
        Questionnaire, on_delete=models.PROTECT, null=True, blank=True, related_name="recurring_visits"
    )
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="recurring_visits")
    who = models.CharField(max_length=8, choices=Who, default=Who.OWNER)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="recurring_visits")
    lead_days = models.PositiveSmallIntegerField(default=14)
    window_days = models.PositiveSmallIntegerField(default=3)
    since = models.DateField()
    paused_at = models.DateTimeField(null=True, blank=True)
    planned_on = models.DateField(null=True, blank=True)

    class Meta(ListEntry.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(months__gte=1, times__gte=1, window_days__gte=1), name="recurring_visits_go_forward"
            ),
            models.CheckConstraint(
                condition=~Q(rhythm="yearly") | Q(first_on__isnull=False), name="yearly_visits_have_a_day"
            ),
        ]

    @property
    def counts_months(self) -> bool:
        return self.rhythm in (self.Rhythm.CLOSING, self.Rhythm.DELIVERY)
