"""Time that somebody worked on a ticket."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from tickets.models.ticket import Ticket


class TimeEntry(models.Model):
    """Seconds worked, or a timer that runs since `started_at`; a person has one running timer at a time."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="time_entries")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="time_entries")
    started_at = models.DateTimeField()
    seconds = models.PositiveIntegerField(null=True)
    words = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user"], condition=Q(seconds=None), name="one_running_timer"),
            models.CheckConstraint(condition=Q(seconds=None) | Q(seconds__lte=86_400), name="a_day_has_24_hours"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.ticket} {self.seconds}"

    def worked(self, now: datetime) -> int:
        """Seconds, of a running timer until now."""
        if self.seconds is not None:
            return self.seconds
        return max(0, int((now - self.started_at).total_seconds()))

    @property
    def minutes(self) -> int:
        return round((self.seconds or 0) / 60)
