"""Conversations with others about a ticket, of which its customer never learns."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tickets.models.mailbox import Mailbox
from tickets.models.ticket import Ticket


class SideConversation(models.Model):
    """A thread with a supplier or a colleague. `people` are the addresses that belong to it."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="side_conversations")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=200)
    people = ArrayField(models.CharField(max_length=254))
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        ordering = ["-last_at", "-pk"]

    def __str__(self) -> str:
        return self.subject

    @property
    def mark_name(self) -> str:
        """By what its mails are marked."""
        return f"{self.ticket.number}~{self.pk}"
