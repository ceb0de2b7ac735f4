"""Tags: words that people put on tickets as they like."""

from django.conf import settings
from django.db import models

from tickets.models.ticket import Ticket


class Tag(models.Model):
    """One word, written as whoever used it first wrote it; `key` is its folded form, by which it is one word."""

    name = models.CharField(max_length=40)
    key = models.CharField(max_length=40, unique=True)
    tickets = models.ManyToManyField(Ticket, through="TicketTag", related_name="tags")

    class Meta:
        indexes = [models.Index(fields=["key"], name="tag_prefix", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.name


class TicketTag(models.Model):
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["ticket", "tag"], name="one_tag_once_on_a_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.tag}"
