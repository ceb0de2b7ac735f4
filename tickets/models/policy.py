"""SLA policies: what a desk promises to whom, in published versions that never change."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Calendar, Named, Queue
from tickets.models.wording import Category, Priority, TicketType


class SlaPolicy(Named):
    """Policies are asked in order of position; the first whose newest version matches a ticket rules it."""

    code = models.SlugField(unique=True)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]


class SlaPolicyVersion(models.Model):
    """Whom it covers (empty: everyone), when clocks pause and warn, and by which calendar they count.

    The queue's own calendar comes first where `follow_queue` is set, then `calendar`.
    """

    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    grade = models.CharField(max_length=1, choices=Account.Grade, blank=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    follow_queue = models.BooleanField(default=True)
    warn_percent = models.PositiveSmallIntegerField(default=80)
    pauses = ArrayField(models.CharField(max_length=20, choices=Category), default=list, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_sla_policy_version"),
            models.CheckConstraint(condition=models.Q(warn_percent__range=(1, 99)), name="sla_warn_before_due"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"


class SlaTarget(models.Model):
    """How many open seconds one metric may take; an empty type or priority stands for every one."""

    class Metric(models.TextChoices):
        FIRST_REPLY = "first_reply", _("First reply")
        NEXT_REPLY = "next_reply", _("Next reply")
        RESOLUTION = "resolution", _("Resolution")

    version = models.ForeignKey(SlaPolicyVersion, on_delete=models.CASCADE, related_name="targets")
    metric = models.CharField(max_length=20, choices=Metric)
    type = models.ForeignKey(TicketType, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.CharField(max_length=8, choices=Priority, blank=True)
    seconds = models.PositiveIntegerField()
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "metric", "type", "priority"], name="one_sla_target"),
            models.UniqueConstraint(
                fields=["version", "metric", "priority"],
                condition=models.Q(type=None),
                name="one_sla_target_for_all_types",
            ),
            models.CheckConstraint(condition=models.Q(seconds__gte=15), name="sla_target_of_15_s_or_more"),
        ]

    def __str__(self) -> str:
        return f"{self.version}: {self.metric} {self.seconds} s"
