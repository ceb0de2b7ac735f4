"""The ticket: one matter of one customer, in a queue, with a person in charge and clocks that run."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crmcore.models import Account, Contact, InstalledProduct, Opportunity, Queue, User
from crmcore.permissions import may
from crmcore.scoping import ScopedManager, ScopedQuerySet, ScopePaths
from tickets.models.wording import Category, Priority, TicketStatus, TicketType

# Visits that a firm has, or made; what it declined or was taken off again is none of its business.
SERVING = ("planned", "accepted", "on_way", "on_site", "done", "failed")


class TicketQuerySet(ScopedQuerySet["Ticket"]):
    """People of outside firms reach the tickets for which their firm drives out."""

    def visible_to(self, user: User | AnonymousUser, action: str = "view") -> Self:
        if not isinstance(user, User) or not user.is_partner:
            return super().visible_to(user, action)
        if not may(user, "ticket", action):
            return self.none()
        # One filter: firm and state are asked of the same visit.
        served = self.model._base_manager.filter(
            visits_out__firm=user.firm_id, visits_out__firm__is_active=True, visits_out__state__in=SERVING
        )
        return self.filter(pk__in=served.values("pk"))


class TicketManager(ScopedManager["Ticket"]):
    def get_queryset(self) -> TicketQuerySet:
        return TicketQuerySet(self.model, using=self._db)


class Ticket(models.Model):
    """A subject that is internal was taken from a call's note: its customer reads another title.

    `seq` numbers what happened on the timeline; the `sla_` columns cache the clock that is due first.
    `fields` holds the desk's own fields by code, as `tickets.field_values` writes them; `stage` is
    the code of the stage at which it stands, if its type has stages. `confirmed_at` and `withdrawn_at` are
    the customer's own words.
    """

    class Channel(models.TextChoices):
        CALL = "call", _("Phone")
        PORTAL = "portal", _("Portal")
        EMAIL = "email", _("E-mail")
        SMS = "sms", _("Text message")
        WHATSAPP = "whatsapp", "WhatsApp"
        WECHAT = "wechat", _("WeChat")
        CHAT = "chat", _("Chat")

    class WaitingOn(models.TextChoices):
        US = "us", _("With us")
        CUSTOMER = "customer", _("With the customer")

    class SlaState(models.TextChoices):
        NONE = "", _("No clock")
        OK = "ok", _("In time")
        SOON = "soon", _("Due soon")
        BREACHED = "breached", _("Overdue")
        PAUSED = "paused", _("Paused")

    SCOPE: ClassVar[ScopePaths] = {
        "noun": "ticket",
        "owner": "assignee",
        "team": "queue__team",
        "contact": "contact",
        "account": "account",
    }

    number = models.CharField(_("number"), max_length=30, unique=True)
    type = models.ForeignKey(TicketType, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("type"))
    subject = models.CharField(_("subject"), max_length=200)
    is_subject_internal = models.BooleanField(default=False)
    status = models.ForeignKey(TicketStatus, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("status"))
    is_active = models.BooleanField(default=True)
    priority = models.CharField(_("priority"), max_length=8, choices=Priority, default=Priority.NORMAL)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("queue"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("assignee"),
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("customer"),
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("contact"),
    )
    product = models.ForeignKey(
        InstalledProduct,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="tickets",
        verbose_name=_("product"),
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    follow_up_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="follow_ups"
    )
    opened_at = models.DateTimeField()
    first_reply_at = models.DateTimeField(null=True, blank=True)
    last_reply_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    last_event_at = models.DateTimeField()
    seq = models.PositiveIntegerField(default=0)
    waiting_on = models.CharField(max_length=8, choices=WaitingOn, default=WaitingOn.US)
    sla_due_at = models.DateTimeField(null=True, blank=True)
    sla_state = models.CharField(max_length=8, choices=SlaState, blank=True)
    sla_metric = models.CharField(max_length=20, blank=True)
    rating = models.PositiveSmallIntegerField(null=True, blank=True)
    rating_comment = models.TextField(blank=True)
    rated_at = models.DateTimeField(null=True, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    stage = models.SlugField(max_length=40, blank=True)
    search = SearchVectorField(default="")
    opportunities = models.ManyToManyField(Opportunity, through="TicketOpportunity", related_name="tickets")
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[TicketManager] = TicketManager()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="ticket_search"),
            GinIndex(fields=["fields"], name="ticket_fields", opclasses=["jsonb_path_ops"]),
            models.Index(
                fields=["assignee", "sla_due_at", "id"],
                name="ticket_mine",
                condition=models.Q(is_active=True),
            ),
            models.Index(
                fields=["queue", "sla_due_at", "id"],
                name="ticket_of_queue",
                condition=models.Q(is_active=True),
            ),
            models.Index(fields=["sla_due_at", "id"], name="ticket_active", condition=models.Q(is_active=True)),
            models.Index(
                fields=["last_event_at", "id"], name="ticket_active_quiet", condition=models.Q(is_active=True)
            ),
            models.Index(fields=["opened_at", "id"], name="ticket_active_age", condition=models.Q(is_active=True)),
            models.Index(fields=["-opened_at", "-id"], name="ticket_newest"),
            models.Index(fields=["-last_event_at", "-id"], name="ticket_latest"),
            models.Index(fields=["-solved_at", "-id"], name="ticket_solved", condition=models.Q(is_active=False)),
            models.Index(fields=["account", "-last_event_at"], name="ticket_of_account"),
            models.Index(fields=["contact", "-last_event_at"], name="ticket_of_contact"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)), name="ticket_rating_1_to_5"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("tickets:ticket", args=[self.number])

    @property
    def requester(self) -> str:
        """Who the ticket is for: the person, else the account."""
        return self.contact.name if self.contact else self.account.name if self.account else ""

    def may_be_reopened(self, at: datetime) -> bool:
        """A solved ticket comes back within its type's window; later, or once closed, a new one follows."""
        if self.status.category != Category.SOLVED or self.solved_at is None:
            return False
        return at <= self.solved_at + timedelta(days=self.type.reopen_days)


class TicketOpportunity(models.Model):
    """A sale that came out of a ticket."""

    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="opportunity_links")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="ticket_links")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "opportunity"], name="one_ticket_opportunity"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket} → {self.opportunity}"
