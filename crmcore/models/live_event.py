"""The outbox of live events: what the screens have still to be told."""

from django.db import models
from django.db.models.functions import Now


class LiveEvent(models.Model):
    topic = models.CharField(max_length=80)
    kind = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_index=True, db_default=Now())

    def __str__(self) -> str:
        return f"{self.kind} on {self.topic}"
