"""Messages that callers left instead of waiting."""

from django.db import models
from django.db.models import Q

from telephony.models.call import Call
from telephony.models.kept_sound import HELD_IS_KEPT, TO_DELETE, KeptSound
from tickets.models import Ticket


class Voicemail(KeptSound):
    """One message of one call. `source` names it at the carrier; `file` is ours once it has been fetched.

    While that has not happened, `fetch_due_at` is when to try again; empty after too many tries.
    """

    call = models.OneToOneField(Call, on_delete=models.CASCADE, related_name="voicemail")
    ticket = models.ForeignKey(Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="voicemails")
    seconds = models.PositiveIntegerField(default=0)
    source = models.CharField(max_length=100, blank=True)
    received_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True, blank=True)
    fetch_due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["fetch_due_at"], condition=Q(fetched_at=None), name="voicemail_not_fetched"),
            models.Index(fields=["delete_after"], condition=TO_DELETE, name="voicemail_to_delete"),
        ]
        constraints = [models.CheckConstraint(condition=HELD_IS_KEPT, name="voicemail_on_hold_is_kept")]

    def __str__(self) -> str:
        return f"message of call {self.call_id}"

    @property
    def length_s(self) -> float:
        return float(self.seconds)
