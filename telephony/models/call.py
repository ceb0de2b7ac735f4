"""A call: one customer on one line, whichever carrier brought it."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Contact, Queue
from crmcore.scoping import ScopedManager, ScopePaths
from telephony.models.flows import FlowVersion
from telephony.models.lines import PhoneLine
from telephony.states import BEING_DIALLED, IN_CONVERSATION, CallOutcome, CallState, EndReason, Party
from tickets.models import Ticket


class Call(models.Model):
    """The truth about a call. `epoch` counts its moves, `state_deadline` ends every state that must end.

    `pop` is the screen-pop decision, `context` what the carrier knew besides the number, `priority_s` a head start
    in seconds. `note_version` guards the note against an older tab. `menu` is where the caller stands in the flow
    `flow_version` (`telephony.flows.walk.Position`).
    """

    class Direction(models.TextChoices):
        IN = "in", _("Incoming")
        OUT = "out", _("Outgoing")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "call",
        "owner": "agent",
        "team": "queue__team",
        "contact": "contact",
        "account": "account",
    }

    provider = models.CharField(max_length=20)
    provider_call_id = models.CharField(max_length=100)
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    state = models.CharField(max_length=12, choices=CallState, default=CallState.NEW)
    epoch = models.PositiveIntegerField(default=0)
    outcome = models.CharField(max_length=12, choices=CallOutcome, blank=True)
    end_reason = models.CharField(max_length=14, choices=EndReason, blank=True)
    hung_up_by = models.CharField(max_length=10, choices=Party, blank=True)

    from_raw = models.CharField(max_length=120, blank=True)
    from_e164 = models.CharField(max_length=20, blank=True)
    to_raw = models.CharField(max_length=120, blank=True)
    to_e164 = models.CharField(max_length=20, blank=True)
    line = models.ForeignKey(PhoneLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, null=True, blank=True, related_name="calls")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="calls"
    )
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")
    ticket = models.ForeignKey(Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls")

    pop = models.JSONField(default=dict, blank=True)
    context = models.JSONField(default=dict, blank=True)
    note = models.TextField(blank=True)
    note_version = models.PositiveIntegerField(default=0)
    priority_s = models.PositiveIntegerField(default=0)
    flow_version = models.ForeignKey(
        FlowVersion, on_delete=models.SET_NULL, null=True, blank=True, related_name="calls"
    )
    menu = models.JSONField(default=dict, blank=True)

    started_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    state_since = models.DateTimeField()
    state_deadline = models.DateTimeField(null=True, blank=True)
    last_evidence_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects = ScopedManager()

    class Meta:
        ordering = ["-started_at", "-id"]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="call_by_age"),
            models.Index(fields=["account", "-started_at", "-id"], name="call_of_account"),
            models.Index(fields=["contact", "-started_at", "-id"], name="call_of_contact"),
            models.Index(fields=["agent", "-started_at", "-id"], name="call_of_agent"),
            models.Index(fields=["from_e164", "-started_at"], name="call_from_number"),
            models.Index(fields=["queue", "-started_at", "-id"], name="call_of_queue"),
            models.Index(fields=["to_e164", "-started_at"], condition=models.Q(direction="out"), name="call_to_number"),
            models.Index(fields=["state_deadline"], condition=~models.Q(state=CallState.ENDED), name="call_due"),
            models.Index(fields=["last_evidence_at"], condition=~models.Q(state=CallState.ENDED), name="call_evidence"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_call_id"], name="one_row_per_carrier_call"),
            models.UniqueConstraint(
                fields=["to_e164"],
                condition=models.Q(direction="out", state__in=BEING_DIALLED),
                name="one_dial_per_number",
            ),
            models.CheckConstraint(condition=models.Q(state__in=CallState.values), name="call_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=CallState.ENDED, ended_at__isnull=False) & ~models.Q(outcome="")
                | ~models.Q(state=CallState.ENDED) & models.Q(ended_at=None, outcome=""),
                name="call_ended_has_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=CallState.QUEUED) | models.Q(queue__isnull=False, queued_at__isnull=False),
                name="call_queued_has_queue",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=IN_CONVERSATION)
                | models.Q(agent__isnull=False, answered_at__isnull=False),
                name="call_talking_has_agent",
            ),
            models.CheckConstraint(
                condition=models.Q(state=CallState.ENDED) | models.Q(state_deadline__isnull=False),
                name="call_live_has_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.customer_number or self.from_raw} ({self.state})"

    @property
    def is_live(self) -> bool:
        return self.state != CallState.ENDED

    @property
    def is_put_through(self) -> bool:
        """Whether the caller was sent to an outside number out of the line, and not left there by an agent."""
        return self.state == CallState.FORWARDED and self.agent_id is None

    @property
    def customer_number(self) -> str:
        """The customer's number in E.164, empty when withheld or unreadable."""
        return self.to_e164 if self.direction == self.Direction.OUT else self.from_e164

    @property
    def customer_number_raw(self) -> str:
        """The customer's number as the carrier wrote it."""
        return self.to_raw if self.direction == self.Direction.OUT else self.from_raw

    @property
    def waiting_until(self) -> datetime | None:
        """When the wait ended: answered, or gone; None while it lasts."""
        return self.answered_at or self.ended_at
