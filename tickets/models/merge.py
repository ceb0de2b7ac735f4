"""A ticket that went into another one: nothing is copied, and the record says how to part them again."""

from typing import Any

from django.conf import settings
from django.db import models

from tickets.models.ticket import Ticket


class TicketMerge(models.Model):
    """`before` holds the rows that the merge touched as they stood; `target_seq` is the other's last entry after it."""

    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges_away")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="merges")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    target_seq = models.PositiveIntegerField()
    before: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source"], condition=models.Q(undone_at=None), name="a_ticket_goes_into_one_other"
            ),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="no_ticket_goes_into_itself"),
        ]
        indexes = [
            models.Index(fields=["target"], condition=models.Q(undone_at=None), name="merge_into"),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"
