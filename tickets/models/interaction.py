"""Interactions: everything that happened between the desk and a customer, written once and never changed."""

from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Contact, User
from crmcore.permissions import may, operations_of
from crmcore.scoping import ScopedManager, ScopedQuerySet, ScopePaths
from tickets.models.merge import TicketMerge
from tickets.models.ticket import Ticket


def _merged_from_others(own: models.QuerySet[Ticket]) -> models.QuerySet[TicketMerge]:
    """Merges that brought the writer of an entry to its ticket: the ticket's own customer does not read them."""
    of_writer = TicketMerge.objects.filter(target=models.OuterRef("ticket"), undone_at=None)
    foreign = of_writer.filter(source__contact=models.OuterRef("contact")).exclude(source__in=own)
    return foreign.exclude(target__contact=models.F("source__contact"))


class InteractionQuerySet(ScopedQuerySet["Interaction"]):
    """Customers read what is public; staff also what is on no ticket, such as a call that needed none.

    People of outside firms read what their firm wrote, and the conversation where they are given it.
    """

    def visible_to(self, user: User | AnonymousUser, action: str = "view") -> Self:
        if isinstance(user, User) and user.is_portal:
            own = Ticket.objects.visible_to(user, action)
            of_own = models.Q(ticket__in=own) & ~models.Exists(_merged_from_others(own))
            return self.filter(of_own | models.Q(ticket=None, contact=user.contact_id), is_public=True)
        if isinstance(user, User) and user.is_partner:
            told = models.Q(is_public=True) if "tickets.conversation" in operations_of(user) else models.Q()
            ours = models.Q(by__firm=user.firm_id)
            return self.filter(ours | told, ticket__in=Ticket.objects.visible_to(user, action).values("pk"))
        rows = super().visible_to(user, action)
        return rows | self.filter(ticket=None) if may(user, "contact", action) else rows


class InteractionManager(ScopedManager["Interaction"]):
    def get_queryset(self) -> InteractionQuerySet:
        return InteractionQuerySet(self.model, using=self._db)


class Interaction(models.Model):
    """A call, note, message or system event; most stand on a ticket's timeline at their `seq`.

    A system event has a code in `event` and its facts in `detail`; names in there are [name, Chinese name].
    """

    class Channel(models.TextChoices):
        CALL = "call", _("Call")
        NOTE = "note", _("Note")
        PORTAL = "portal", _("Portal message")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        WHATSAPP = "whatsapp", "WhatsApp"
        WECHAT = "wechat", _("WeChat")
        CHAT = "chat", _("Chat")
        SYSTEM = "system", _("Event")

    class Direction(models.TextChoices):
        IN = "in", _("Inbound")
        OUT = "out", _("Outbound")
        INTERNAL = "internal", _("Internal")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "ticket",
        "owner": "ticket__assignee",
        "team": "ticket__queue__team",
        "contact": "contact",
        "account": "account",
    }

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, null=True, blank=True, related_name="interactions")
    seq = models.PositiveIntegerField(null=True, blank=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, blank=True, related_name="interactions")
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="interactions")
    channel = models.CharField(max_length=8, choices=Channel)
    direction = models.CharField(max_length=8, choices=Direction)
    event = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    body = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="interactions",
    )
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    talk_seconds = models.PositiveIntegerField(default=0)
    answered = models.BooleanField(default=False)
    reference = models.CharField(max_length=80, blank=True)

    objects: ClassVar[InteractionManager] = InteractionManager()

    class Meta:
        indexes = [
            models.Index(fields=["account", "-occurred_at"], name="interaction_of_account"),
            models.Index(fields=["contact", "-occurred_at"], name="interaction_of_contact"),
            models.Index(fields=["-occurred_at", "-id"], name="interaction_latest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "seq"], name="one_interaction_per_seq"),
            models.CheckConstraint(
                condition=models.Q(ticket=None, seq=None) | models.Q(ticket__isnull=False, seq__isnull=False),
                name="seq_belongs_to_a_ticket",
            ),
            models.UniqueConstraint(
                fields=["reference", "by"],
                condition=~models.Q(reference="") & models.Q(by__isnull=False),
                name="one_interaction_per_reference",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ticket or self.contact or self.account} #{self.seq}"
