"""Changes of many tickets at once: what is to be done, how far it got, and what was before, to undo it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tickets.models.ticket import Ticket


class BulkChange(models.Model):
    """Steps (see `actions.steps`) for a list of tickets, worked off in the background; `total` never changes."""

    class State(models.TextChoices):
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    ACTIVE = (State.RUNNING, State.UNDOING)

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bulk_changes")
    steps = models.JSONField()
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    total = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"], name="bulk_active", condition=models.Q(state__in=["running", "undoing"])
            ),
            models.Index(fields=["by", "-created_at"], name="bulk_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.by}: {self.total} tickets"


class BulkItem(models.Model):
    """One ticket of a change. `before` holds what it was; `seq_after` says whether somebody changed it since."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DONE = "done", _("Changed")
        SKIPPED = "skipped", _("Left as it was")
        UNDONE = "undone", _("Changed back")
        KEPT = "kept", _("Not changed back")

    change = models.ForeignKey(BulkChange, on_delete=models.CASCADE, related_name="items")
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)
    seq_after = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "ticket"], name="one_bulk_item_per_ticket")]
        indexes = [models.Index(fields=["change", "state", "id"], name="bulk_item_waiting")]

    def __str__(self) -> str:
        return f"{self.ticket}: {self.state}"
