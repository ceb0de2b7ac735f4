"""SLA policies: what a desk promises to whom, in published versions that never change."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Calendar, ListEntry
from tickets.models.wording import Category, Priority, TicketType
from tickets.sla_ladder import usual_steps


class SlaPolicy(ListEntry):
    """Policies are asked in order of position; the first whose newest version matches a ticket rules it."""

    code = models.SlugField(unique=True)


class SlaPolicyVersion(models.Model):
    """Whom it covers, when clocks pause, by which calendar they count, and what happens on the way to a due moment.

    `conditions` are those of `tickets.queries.conditions`, `steps` those of `tickets.sla_ladder`. The customer's own
    calendar comes first, then the queue's where `follow_queue` is set, then `calendar`. A draft is not published yet.
    """

    class Rhythm(models.TextChoices):
        DRIFT = "drift", _("From the latest reply")
        GRID = "grid", _("In a fixed rhythm from the first reply")

    policy = models.ForeignKey(SlaPolicy, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    conditions = models.JSONField(default=dict, blank=True)
    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="+")
    follow_queue = models.BooleanField(default=True)
    pauses = ArrayField(models.CharField(max_length=20, choices=Category), default=list, blank=True)
    stage_pauses = ArrayField(models.CharField(max_length=20, choices=Category), default=list, blank=True)
    updates_pause = models.BooleanField(default=True)
    update_rhythm = models.CharField(max_length=8, choices=Rhythm, default=Rhythm.DRIFT)
    steps = models.JSONField(default=usual_steps, blank=True)
    acts_when_late = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["policy", "number"], name="one_sla_policy_version"),
            models.UniqueConstraint(fields=["policy"], condition=models.Q(published_at=None), name="one_sla_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.policy} v{self.number}"

    @property
    def keeps_rhythm(self) -> bool:
        """Whether updates are due at fixed beats, which a late or an early reply does not move."""
        return self.update_rhythm == self.Rhythm.GRID


class SlaTarget(models.Model):
    """How many open seconds one metric may take; an empty type or priority stands for every one."""

    class Metric(models.TextChoices):
        FIRST_REPLY = "first_reply", _("First reply")
        NEXT_REPLY = "next_reply", _("Next reply")
        PERIODIC_UPDATE = "periodic_update", _("Next update")
        REQUESTER_WAIT = "requester_wait", _("Customer's wait")
        AGENT_WORK = "agent_work", _("Our work")
        RESOLUTION = "resolution", _("Resolution")
        OWNERSHIP = "ownership", _("Time in the queue")
        STAGE = "stage", pgettext_lazy("clock", "Stage")
        PROMISE = "promise", pgettext_lazy("clock", "Promise")

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
