"""Text messages between our numbers and customers', and what each customer's number allows."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Contact, OneTimeCode
from crmcore.scoping import ScopedManager, ScopePaths
from telephony.models.group_texts import GroupText
from telephony.text_channels import RULES, ChannelRules
from telephony.text_states import LOST, TextChannel, TextState, explanation
from tickets.models import Interaction, Ticket


class TextThread(models.Model):
    """A customer's number (or id) on one channel. Its row is locked while either side speaks.

    `ours` is the number (or account) that the customer last wrote to; `opted_out_at` says since when they want
    nothing, `followed_at` when they last began or stopped to follow us.
    """

    channel = models.CharField(max_length=8, choices=TextChannel)
    theirs = models.CharField(max_length=64)
    ours = models.CharField(max_length=20, blank=True)
    last_in_at = models.DateTimeField(null=True, blank=True)
    opted_out_at = models.DateTimeField(null=True, blank=True)
    followed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "theirs"], name="one_thread_per_number")]

    def __str__(self) -> str:
        return f"{self.channel} {self.theirs}"

    @property
    def rules(self) -> ChannelRules:
        """What the channel allows."""
        return RULES[TextChannel(self.channel)]

    @property
    def open_until(self) -> datetime | None:
        """When the channel's window closes; None where it has none, or the customer never wrote."""
        window = self.rules.window
        return self.last_in_at + window if self.last_in_at and window else None

    def takes_free_text(self, at: datetime) -> bool:
        """Whether words of our own may be sent, not only an approved template."""
        return self.rules.window is None or (self.open_until is not None and at < self.open_until)


class TextTemplate(models.Model):
    """A message that WhatsApp has approved, known to the carrier as `content_sid`; {{1}}, {{2}} … are filled in."""

    name = models.CharField(_("name"), max_length=80)
    language = models.CharField(_("language"), max_length=10)
    body = models.TextField(_("text"))
    content_sid = models.CharField(_("template id"), max_length=64, unique=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class TextMessage(models.Model):
    """One message. Those of ours are their own outbox: `due_at` is when to send, or to ask what became of it.

    `begun_at` was written before the carrier was first asked, so that a try that died is looked up and not repeated.
    `group` is what it was sent to many by, `token` is the form's, `provider_sid` the carrier's name. `repeats` is the
    lost message that this one replaces. `{code}` in the body is the code of `code`, put in when it leaves.
    """

    class Direction(models.TextChoices):
        IN = "in", _("Inbound")
        OUT = "out", _("Outbound")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "ticket",
        "owner": "ticket__assignee",
        "team": "ticket__queue__team",
        "contact": "contact",
        "account": "account",
    }

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    direction = models.CharField(max_length=3, choices=Direction)
    channel = models.CharField(max_length=8, choices=TextChannel)
    ours = models.CharField(max_length=20)
    theirs = models.CharField(max_length=64)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="texts")
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="texts")
    ticket = models.ForeignKey(Ticket, on_delete=models.SET_NULL, null=True, blank=True, related_name="texts")
    interaction = models.OneToOneField(
        Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="text"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="texts"
    )
    body = models.TextField(blank=True)
    code = models.ForeignKey(OneTimeCode, on_delete=models.SET_NULL, null=True, blank=True, related_name="texts")
    template = models.ForeignKey(TextTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="texts")
    variables = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    segments = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=12, choices=TextState)
    error_code = models.CharField(max_length=12, blank=True)
    is_automatic = models.BooleanField(default=False)
    repeats = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="again")
    provider = models.CharField(max_length=20)
    provider_sid = models.CharField(max_length=64, blank=True)
    token = models.CharField(max_length=64, blank=True)
    group = models.ForeignKey(GroupText, on_delete=models.PROTECT, null=True, blank=True, related_name="texts")
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, blank=True)

    objects = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="text_due"),
            models.Index(fields=["channel", "theirs", "-created_at"], name="text_of_number"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_sid"], condition=~Q(provider_sid=""), name="one_text_per_sid"
            ),
            models.UniqueConstraint(fields=["group", "theirs"], name="one_text_per_recipient"),
            models.UniqueConstraint(fields=["by", "token"], condition=~Q(token=""), name="one_text_per_form"),
            models.CheckConstraint(
                condition=Q(direction="in", state=TextState.RECEIVED)
                | Q(direction="out") & ~Q(state=TextState.RECEIVED),
                name="text_state_of_direction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.direction} {self.theirs}"

    @property
    def fault(self) -> str:
        """Why it did not arrive, in the reader's language."""
        return explanation(self.error_code) if self.state in LOST else ""

    @property
    def may_go_again(self) -> bool:
        """Whether a person may send it once more: it was lost, and that was not done before."""
        return self.state in LOST and self.ticket_id is not None and not hasattr(self, "again")
