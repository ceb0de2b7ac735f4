"""Callers whom nobody spoke to: work until somebody does."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Account, Contact, Queue
from crmcore.scoping import ScopedManager, ScopePaths
from telephony.models.call import Call
from tickets.models import Ticket


class MissedCall(models.Model):
    """One caller who gave up, or was given up. `call` is the latest; `calls` counts them, `tries` our calls back.

    Open until `closed_at`: one per number, or per customer where the number is not known.
    """

    class Closed(models.TextChoices):
        SPOKEN = "spoken", _("Spoken to since")
        DONE = "done", pgettext_lazy("missed call", "Marked as done")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "call",
        "owner": "call__agent",
        "team": "queue__team",
        "contact": "contact",
        "account": "account",
    }

    number = models.CharField(max_length=20, blank=True)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ticket = models.ForeignKey(Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    waited_s = models.PositiveIntegerField(default=0)
    calls = models.PositiveSmallIntegerField(default=1)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_as = models.CharField(max_length=8, choices=Closed, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = ScopedManager()

    class Meta:
        indexes = [models.Index(fields=["first_at", "id"], condition=Q(closed_at=None), name="missed_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(closed_at=None) & ~Q(number=""), name="one_open_missed_per_number"
            ),
            models.UniqueConstraint(
                fields=["contact"], condition=Q(closed_at=None, number=""), name="one_open_missed_per_contact"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_as="") | Q(closed_at__isnull=False) & ~Q(closed_as=""),
                name="missed_closed_has_reason",
            ),
            models.CheckConstraint(condition=Q(last_at__gte=F("first_at")), name="missed_runs_forward"),
        ]

    def __str__(self) -> str:
        return f"missed {self.number or self.contact_id}"
