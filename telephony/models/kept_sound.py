"""What recordings and messages have in common: sound that is heard under rights and kept for a time."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from telephony.recordings_store import recordings_storage


class KeptSound(models.Model):
    """Sound of a call in the store of recordings.

    `delete_after` is the last day (UTC) on which it is kept, empty for ever; nothing on `legal_hold` is deleted. What
    was deleted leaves its row: `deleted_by` is empty where the retention did it. `peaks` are lists of loudness from 0
    to 100, one for each channel, empty until a browser has measured them.
    """

    file = models.FileField(storage=recordings_storage, upload_to="%Y/%m/", max_length=200, blank=True)
    content_type = models.CharField(max_length=40, blank=True)
    peaks = models.JSONField(default=list, blank=True)
    legal_hold = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=200, blank=True)
    delete_after = models.DateField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    deleted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        abstract = True

    @property
    def kind(self) -> str:
        """Which sort of sound: recording or voicemail, as addresses and the audit trail call it."""
        return str(self._meta.model_name)

    @property
    def length_s(self) -> float:
        """How long it lasts in seconds, 0 where nobody has said."""
        raise NotImplementedError


# In the Meta of both models, since an index has one table.
TO_DELETE = Q(legal_hold=False, deleted_at=None, delete_after__isnull=False)
HELD_IS_KEPT = Q(deleted_at=None) | Q(legal_hold=False, file="")
