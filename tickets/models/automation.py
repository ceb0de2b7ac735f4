"""Rules that the desk follows by itself, and what they did."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import ListEntry
from tickets.models.ticket import Ticket


class Rule(ListEntry):
    """When something of `on` happens to a ticket that meets the conditions, its steps are done.

    A rule without `on` is looked at every minute instead. Rules stand in one order; each runs once per change.
    """

    class Happening(models.TextChoices):
        OPENED = "opened", _("a ticket is opened")
        CONTACT = "contact", _("the customer writes or calls")
        REPLIED = "replied", _("the desk replies")
        NOTE = "note", _("a note is left")
        STATUS = "status", _("the status changes")
        ASSIGNED = "assigned", _("queue or assignee change")
        CHANGED = "changed", _("priority, type or subject change")
        RATED = "rated", _("the customer rates")
        DUE_SOON = "due_soon", _("a clock is due soon")
        OVERDUE = "overdue", _("a clock is overdue")

    code = models.SlugField(unique=True)
    on = ArrayField(models.CharField(max_length=10, choices=Happening), default=list, blank=True)
    conditions = models.JSONField(default=dict, blank=True)
    steps = models.JSONField(default=list)

    @property
    def is_timed(self) -> bool:
        return not self.on


class RuleRun(models.Model):
    """A rule ran on a ticket: the steps as they were then, and why they failed if they did."""

    class Outcome(models.TextChoices):
        DONE = "done", pgettext_lazy("rule", "Done")
        FAILED = "failed", pgettext_lazy("rule", "Failed")

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="runs")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="rule_runs")
    at = models.DateTimeField()
    steps = models.JSONField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ticket", "rule", "-at"], name="rule_run_of_ticket"),
            models.Index(fields=["rule", "-at"], name="rule_run_latest"),
        ]

    def __str__(self) -> str:
        return f"{self.rule}: {self.ticket}"
