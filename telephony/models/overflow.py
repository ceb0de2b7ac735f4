"""Where a queue sends callers it cannot serve."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crmcore.models import Queue
from telephony.models.flows import CallFlow
from telephony.states import OverflowTarget


class OverflowRule(models.Model):
    """One rule of a queue; the first that holds for a waiting caller acts.

    `limit`: seconds waited, or callers in line, by `when`. `message` is said before hanging up, `message_zh` to those
    who speak Chinese. `to_number` is E.164.
    """

    class When(models.TextChoices):
        WAIT = "wait", _("After waiting so many seconds")
        LENGTH = "length", _("When more callers than this wait")
        NO_AGENT = "no_agent", _("When no agent is logged in")

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="overflow_rules")
    position = models.PositiveSmallIntegerField(default=0)
    when = models.CharField(max_length=10, choices=When)
    limit = models.PositiveIntegerField(default=0)
    target = models.CharField(max_length=10, choices=OverflowTarget)
    to_flow = models.ForeignKey(CallFlow, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    to_queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    to_number = models.CharField(max_length=20, blank=True)
    message = models.CharField(max_length=300, blank=True)
    message_zh = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(target=OverflowTarget.QUEUE) | Q(to_queue__isnull=False) & ~Q(to_queue=models.F("queue")),
                name="overflow_queue_is_another",
            ),
            models.CheckConstraint(
                condition=~Q(target=OverflowTarget.NUMBER) | ~Q(to_number=""), name="overflow_number_is_given"
            ),
            models.CheckConstraint(
                condition=~Q(target=OverflowTarget.FLOW) | Q(to_flow__isnull=False), name="overflow_flow_is_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.queue}: {self.when} {self.limit} → {self.target}"
