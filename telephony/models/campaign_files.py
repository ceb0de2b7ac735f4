"""Files from which campaigns were filled, with the rows that could not be taken."""

from django.conf import settings
from django.db import models

from telephony.models.campaigns import Campaign


class CampaignFile(models.Model):
    """An uploaded table. `rows` are [line, cells] until it is taken in; `rejected` are [line, cells, reason] then.

    `columns` says which column is what.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    header = models.JSONField(default=list)
    rows = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    rejected = models.JSONField(default=list)
    added = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
