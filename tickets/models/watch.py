"""People who follow a ticket, and what they want to be reminded of."""

from django.conf import settings
from django.db import models

from tickets.models.ticket import Ticket


class TicketWatch(models.Model):
    """Who follows a ticket is told what happens on it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="watches")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "user"], name="one_watch")]

    def __str__(self) -> str:
        return f"{self.user}: {self.ticket}"


class Reminder(models.Model):
    """Tell a person about a ticket at a moment; one that is still to come per person and ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="reminders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    due_at = models.DateTimeField()
    words = models.CharField(max_length=200, blank=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["ticket", "user"], condition=models.Q(told_at=None), name="one_reminder_to_come"
            )
        ]
        indexes = [models.Index(fields=["due_at"], condition=models.Q(told_at=None), name="reminder_due")]

    def __str__(self) -> str:
        return f"{self.user}: {self.ticket} {self.due_at:%F %T}"
