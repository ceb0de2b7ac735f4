"""Outcomes: what an agent says came of a contact."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models.naming import Named
from crmcore.models.queues import Queue


class Outcome(Named):
    """A wrap-up code; of one queue, or of all where `queue` is empty."""

    class TicketEffect(models.TextChoices):
        NONE = "none", _("Needs no ticket")
        KEEP = "keep", _("Keeps the ticket open")
        SOLVE = "solve", _("Solves the ticket")

    code = models.SlugField(max_length=40)
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, null=True, blank=True, related_name="outcomes")
    position = models.PositiveSmallIntegerField(default=0)
    ticket_effect = models.CharField(max_length=5, choices=TicketEffect, default=TicketEffect.KEEP)
    needs_follow_up = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["queue", "code"],
                nulls_distinct=False,
                name="one_outcome_per_queue",
            ),
        ]
