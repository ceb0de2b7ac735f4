"""What carriers told us and what we asked of them, one row each, never changed in substance."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from telephony.models.call import Call
from telephony.models.leg import CallLeg


class CallEvent(models.Model):
    """A signal as it came. The unique token makes repetitions harmless; `applied_at` is empty until it is folded."""

    provider = models.CharField(max_length=20)
    provider_call_id = models.CharField(max_length=100)
    token = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    payload = models.JSONField(default=dict)
    occurred_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    call = models.ForeignKey(Call, on_delete=models.CASCADE, null=True, blank=True, related_name="events")

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["provider", "provider_call_id"], condition=Q(applied_at=None), name="event_not_applied"
            ),
        ]
        constraints = [models.UniqueConstraint(fields=["provider", "token"], name="one_row_per_happening")]

    def __str__(self) -> str:
        return f"{self.provider} {self.kind} {self.provider_call_id}"


class ProviderCommand(models.Model):
    """A command in the outbox, obsolete when the call has moved on before it was sent.

    One per call, step and epoch, and per leg where the step is about one.
    """

    class Fate(models.TextChoices):
        SENT = "sent", _("Sent")
        OBSOLETE = "obsolete", _("Out of date")
        FAILED = "failed", pgettext_lazy("command", "Failed")

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="commands")
    step = models.CharField(max_length=20)
    epoch = models.PositiveIntegerField()
    leg = models.ForeignKey(CallLeg, on_delete=models.CASCADE, null=True, blank=True, related_name="commands")
    arguments = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    fate = models.CharField(max_length=8, choices=Fate, blank=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=Q(done_at=None), name="command_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["call", "step", "epoch"], condition=Q(leg=None), name="one_command_per_step"
            ),
            models.UniqueConstraint(
                fields=["call", "step", "epoch", "leg"],
                condition=Q(leg__isnull=False),
                name="one_command_per_step_and_leg",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} for call {self.call_id}"
