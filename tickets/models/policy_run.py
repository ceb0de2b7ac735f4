"""Runs over all open tickets: what published policies would change, or the changing itself, with their progress."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.policy import SlaPolicyVersion


class SlaRun(models.Model):
    """A trial or an application. `after` is the last ticket that is done: a run that was cut off goes on behind it.

    A trial of a draft asks the other policies in their published versions. `changes` are the tickets that it moves
    most, at most 100: number, metric, due before and after, and whether they would be overdue at once.
    """

    class Kind(models.TextChoices):
        TRIAL = "trial", _("Trial")
        APPLY = "apply", _("Applied to open tickets")

    kind = models.CharField(max_length=8, choices=Kind)
    draft = models.ForeignKey(SlaPolicyVersion, on_delete=models.CASCADE, null=True, related_name="runs")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    after = models.BigIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    sooner = models.PositiveIntegerField(default=0)
    later = models.PositiveIntegerField(default=0)
    gained = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    changes = models.JSONField(default=list)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="apply", finished_at=None), name="one_sla_application_at_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_at:%F %T}"

    @property
    def percent(self) -> int:
        return 100 if self.finished_at else min(99, 100 * self.done // max(1, self.total))

    @property
    def moved(self) -> int:
        """How many clocks get another due moment, or one at all, or none any more."""
        return self.sooner + self.later + self.gained + self.lost
