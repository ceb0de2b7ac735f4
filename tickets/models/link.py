"""How two tickets have to do with one another; a link reads from its source to its target."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from tickets.models.ticket import Ticket


class TicketLink(models.Model):
    """One relation. A child has one parent, an incident one problem; nothing is linked to itself."""

    class Kind(models.TextChoices):
        RELATES = "relates", pgettext_lazy("ticket link", "has to do with")
        DUPLICATE = "duplicate", pgettext_lazy("ticket link", "is a duplicate of")
        BLOCKS = "blocks", pgettext_lazy("ticket link", "must be done before")
        CHILD = "child", pgettext_lazy("ticket link", "is a part of")
        INCIDENT = "incident", pgettext_lazy("ticket link", "is caused by")

    # Read from the target's side.
    REVERSED = {
        Kind.RELATES: pgettext_lazy("ticket link", "has to do with"),
        Kind.DUPLICATE: pgettext_lazy("ticket link", "has the duplicate"),
        Kind.BLOCKS: pgettext_lazy("ticket link", "has to wait for"),
        Kind.CHILD: pgettext_lazy("ticket link", "has the part"),
        Kind.INCIDENT: pgettext_lazy("ticket link", "is the cause of"),
    }

    source = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10, choices=Kind)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="one_link_of_a_kind"),
            models.UniqueConstraint(fields=["source"], condition=Q(kind="child"), name="one_parent"),
            models.UniqueConstraint(fields=["source"], condition=Q(kind="incident"), name="one_problem"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_ticket_linked_to_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.kind} {self.target}"
