"""Promised calls: to callers who kept their place in line without waiting, and at times that were agreed."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Account, Contact, Queue
from crmcore.scoping import ScopedManager, ScopePaths
from telephony.models.call import Call
from tickets.models import Ticket


class Callback(models.Model):
    """A call that we owe. One per number is open at a time.

    `entered_at` and `priority_s` are the place in line that is kept. From `due_at` on a call of ours stands in the
    queue (`call`); what fails is tried again until `attempts` are used up or `until` has passed. `owner` is asked
    first. `zone` is the customer's, in which the time was agreed.
    """

    class Kind(models.TextChoices):
        QUEUE = "queue", _("Asked for in the queue")
        PROMISE = "promise", _("Agreed time")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("callback", "Not due yet")
        IN_LINE = "in_line", pgettext_lazy("callback", "In line")
        DONE = "done", pgettext_lazy("callback", "Spoken to")
        FAILED = "failed", pgettext_lazy("callback", "Not reached")
        CANCELED = "canceled", pgettext_lazy("callback", "Called off")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "call",
        "owner": "owner",
        "team": "queue__team",
        "contact": "contact",
        "account": "account",
    }
    OPEN = (State.WAITING, State.IN_LINE)

    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    number = models.CharField(max_length=20)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="callbacks")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="callbacks")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="callbacks")
    ticket = models.ForeignKey(Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="callbacks")
    origin = models.ForeignKey(Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    call = models.ForeignKey(Call, on_delete=models.SET_NULL, null=True, blank=True, related_name="callbacks")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="callbacks"
    )
    note = models.CharField(max_length=200, blank=True)
    zone = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    priority_s = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    until = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="callback_due"),
            models.Index(fields=["owner", "due_at"], condition=Q(closed_at=None), name="callback_of_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(state__in=["waiting", "in_line"]), name="one_open_callback_per_number"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "in_line"], closed_at=None)
                | Q(state__in=["done", "failed", "canceled"], closed_at__isnull=False),
                name="callback_closed_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_line") | Q(call__isnull=False), name="callback_in_line_calls"
            ),
        ]

    def __str__(self) -> str:
        return f"call back {self.number} at {self.due_at:%Y-%m-%d %H:%M}"
