"""E-mail that came and that goes: each mail once, whom it names, and who else belongs to a ticket's conversation."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models import Contact
from tickets.models.interaction import Interaction
from tickets.models.mailbox import Mailbox
from tickets.models.side_conversation import SideConversation
from tickets.models.ticket import Ticket


class Mail(models.Model):
    """One mail. What was fetched waits here until it is entered; what we wrote is its own outbox.

    `raw` names the stored bytes. `fingerprint` is the same for copies of one mail; only one of them is no copy.
    `begun_at` was written before the server was asked. `due_at`: when to enter or to send it (again).
    """

    class Direction(models.TextChoices):
        IN = "in", _("Inbound")
        OUT = "out", _("Outbound")

    class State(models.TextChoices):
        FETCHED = "fetched", pgettext_lazy("mail", "Fetched")
        ENTERED = "entered", pgettext_lazy("mail", "Entered")
        COPY = "copy", pgettext_lazy("mail", "A copy")
        PASSED = "passed", pgettext_lazy("mail", "Needs no ticket")
        HELD = "held", pgettext_lazy("mail", "Held back")
        DROPPED = "dropped", pgettext_lazy("mail", "Discarded")
        UNREADABLE = "unreadable", pgettext_lazy("mail", "Could not be entered")
        QUEUED = "queued", pgettext_lazy("mail", "On its way")
        SENT = "sent", pgettext_lazy("mail", "Sent")
        LOST = "lost", pgettext_lazy("mail", "Came back")
        FAILED = "failed", pgettext_lazy("mail", "Not sent")

    class Reason(models.TextChoices):
        SPAM = "spam", _("It is marked as spam.")
        STRANGER = "stranger", _("The sender is unknown.")
        FLOOD = "flood", _("The sender wrote very often within an hour.")
        OWN = "own", _("It is a mail of our own.")
        ROBOT = "robot", _("It was written by a machine.")
        BOUNCE = "bounce", _("It reports a mail that did not arrive.")

    OUTGOING = (State.QUEUED, State.SENT, State.LOST, State.FAILED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT, related_name="mails")
    direction = models.CharField(max_length=3, choices=Direction)
    state = models.CharField(max_length=10, choices=State)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    fault = models.CharField(max_length=300, blank=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="mails")
    side = models.ForeignKey(SideConversation, on_delete=models.CASCADE, null=True, blank=True, related_name="mails")
    interaction = models.OneToOneField(
        Interaction, on_delete=models.SET_NULL, null=True, blank=True, related_name="mail"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    message_id = models.CharField(max_length=260, blank=True)
    references = ArrayField(models.CharField(max_length=260), default=list, blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    uid_validity = models.BigIntegerField(null=True, blank=True)
    uid = models.BigIntegerField(null=True, blank=True)
    is_marked_read = models.BooleanField(default=False)
    raw = models.CharField(max_length=120, blank=True)
    sender = models.CharField(max_length=254, blank=True)
    sender_name = models.CharField(max_length=120, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    quoted = models.TextField(blank=True)
    is_outsider = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False)
    is_practice = models.BooleanField(default=False)
    token = models.CharField(max_length=64, blank=True)
    repeats = models.OneToOneField("self", on_delete=models.PROTECT, null=True, blank=True, related_name="again")
    created_at = models.DateTimeField()
    begun_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="mail_due"),
            models.Index(fields=["message_id"], name="mail_by_id"),
            models.Index(fields=["sender", "-created_at"], condition=Q(direction="in"), name="mail_of_sender"),
            models.Index(fields=["mailbox", "-created_at"], condition=Q(state="held"), name="mail_held"),
            GinIndex(fields=["references"], name="mail_by_reference"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["mailbox", "uid_validity", "uid"], condition=Q(uid__isnull=False), name="one_mail_per_uid"
            ),
            models.UniqueConstraint(
                fields=["fingerprint"], condition=~Q(fingerprint="") & ~Q(state="copy"), name="one_mail_per_fingerprint"
            ),
            models.UniqueConstraint(fields=["by", "token"], condition=~Q(token=""), name="one_mail_per_form"),
            models.CheckConstraint(
                condition=Q(direction="out", state__in=["queued", "sent", "lost", "failed"])
                | Q(direction="in") & ~Q(state__in=["queued", "sent", "lost", "failed"]),
                name="mail_state_of_direction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.direction} {self.message_id or self.pk}"

    @property
    def is_lost(self) -> bool:
        return self.state in (self.State.LOST, self.State.FAILED)

    @property
    def may_go_again(self) -> bool:
        """Whether a person may send it once more: it was lost, and that was not done before."""
        return self.is_lost and self.ticket_id is not None and not self.is_automatic and not hasattr(self, "again")


class MailRecipient(models.Model):
    """One address that a mail names or goes to. Blind ones stand in the envelope alone."""

    class Role(models.TextChoices):
        TO = "to", pgettext_lazy("mail", "To")
        CC = "cc", pgettext_lazy("mail", "Cc")
        BCC = "bcc", pgettext_lazy("mail", "Bcc")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("mail", "On its way")
        SENT = "sent", pgettext_lazy("mail", "Sent")
        LOST = "lost", pgettext_lazy("mail", "Not delivered")

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="recipients")
    role = models.CharField(max_length=3, choices=Role)
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=8, choices=State, blank=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["mail", "email"], name="one_recipient_per_mail")]

    def __str__(self) -> str:
        return self.email


class Participant(models.Model):
    """Somebody besides the requester who belongs to a ticket's conversation and gets what the desk replies.

    Taken out they stay as a row, so that an old reply of theirs does not bring them back by itself.
    """

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="participants")
    email = models.CharField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["ticket", "email"], name="one_participant_per_address")]

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>" if self.name else self.email
