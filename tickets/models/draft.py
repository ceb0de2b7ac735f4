"""Drafts: text that a person has typed and not yet sent."""

from django.conf import settings
from django.db import models


class Draft(models.Model):
    """One text per person and place; the key names the place, as in `ticket:42`, the mode what it is to become."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    key = models.CharField(max_length=80)
    mode = models.CharField(max_length=10, blank=True)
    body = models.TextField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_per_place")]

    def __str__(self) -> str:
        return f"{self.user}: {self.key}"
