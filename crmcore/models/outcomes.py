"""Outcomes: what an agent says came of a contact."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.naming import ListEntry
from crmcore.models.queues import Queue


class OutcomeGroup(ListEntry):
    """A heading above outcomes that belong together."""

    code = models.SlugField(max_length=40, unique=True)


class Outcome(ListEntry):
    """A wrap-up code; of one queue, or of all where `queue` is empty. `digit` is the key that chooses it.

    The automatic one is what stands when nobody chose in time.
    """

    class TicketEffect(models.TextChoices):
        NONE = "none", _("Needs no ticket")
        KEEP = "keep", _("Keeps the ticket open")
        SOLVE = "solve", _("Solves the ticket")

    code = models.SlugField(max_length=40)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, blank=True, related_name="outcomes")
    group = models.ForeignKey(OutcomeGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="outcomes")
    digit = models.PositiveSmallIntegerField(null=True, blank=True)
    ticket_effect = models.CharField(max_length=5, choices=TicketEffect, default=TicketEffect.KEEP)
    needs_follow_up = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False)

    class Meta(ListEntry.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "code"],
                nulls_distinct=False,
                name="one_outcome_per_queue",
            ),
            models.UniqueConstraint(
                fields=["queue", "digit"],
                condition=models.Q(is_active=True, digit__isnull=False),
                nulls_distinct=False,
                name="one_outcome_per_digit",
            ),
            models.UniqueConstraint(
                fields=["is_automatic"], condition=models.Q(is_automatic=True), name="one_automatic_outcome"
            ),
            models.CheckConstraint(
                condition=models.Q(digit=None) | models.Q(digit__range=(1, 9)), name="outcome_digit_1_to_9"
            ),
        ]

    def neighbours(self) -> "models.QuerySet[Any]":
        """Those under the same heading."""
        return super().neighbours().filter(group=self.group_id, is_automatic=False)

    def rivals(self) -> "models.QuerySet[Outcome]":
        """Other outcomes in use that the same digit would choose in the same wrap-up."""
        if self.digit is None:
            return Outcome.objects.none()
        others = Outcome.objects.filter(digit=self.digit, is_active=True).exclude(pk=self.pk)
        if self.queue_id is None:
            return others
        return others.filter(models.Q(queue=None) | models.Q(queue=self.queue_id))
