"""Leads: the card of a prospect, from the first information to the final result."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crmcore.models.code_lists import CodeEntry, CodeList
from crmcore.models.customers import Account, Contact
from crmcore.models.lead_grades import IntentionGrade
from crmcore.models.opportunities import Opportunity
from crmcore.models.products import Product
from crmcore.scoping import ScopedManager, ScopePaths


class LeadState(models.TextChoices):
    """Where a prospect stands."""

    OPEN = "open", pgettext_lazy("lead", "Open")
    CONVERTED = "converted", pgettext_lazy("lead", "Converted")
    LOST = "lost", pgettext_lazy("lead", "Lost")
    INVALID = "invalid", pgettext_lazy("lead", "Invalid")


class LeadOrigin(models.TextChoices):
    """The way by which a lead came into the house; its source says what made the person come."""

    TYPED = "typed", _("Typed in")
    REGISTER = "register", _("Reception register")
    CALL = "call", pgettext_lazy("origin of a lead", "Call")
    TICKET = "ticket", _("Ticket or e-mail")
    PORTAL = "portal", _("Form on the portal")
    API = "api", _("Other system")
    LIST = "list", _("Imported list")


class Payment(models.TextChoices):
    """How a prospect wants to pay."""

    AT_ONCE = "at_once", _("At once")
    INSTALMENTS = "instalments", _("By instalments")
    LOAN = "loan", _("By a loan")
    RENT = "rent", _("Rent or lease")
    INVOICE = "invoice", _("On invoice")


class CloseReason(models.TextChoices):
    """Why a lead came to nothing; the last four say that it never was one."""

    PRICE = "price", _("Too expensive")
    COMPETITOR = "competitor", _("Bought elsewhere")
    POSTPONED = "postponed", _("Put off for long")
    NO_NEED = "no_need", _("Wants nothing any more")
    UNREACHABLE = "unreachable", _("Cannot be reached")
    NOT_SUITABLE = "not_suitable", _("We have nothing suitable")
    WRONG_DETAILS = "wrong_details", _("Wrong details")
    DUPLICATE = "duplicate", _("Written down twice")
    NO_PROSPECT = "no_prospect", _("Never wanted to buy")
    SPAM = "spam", _("Spam")


REASONS_OF = {
    LeadState.LOST: tuple(CloseReason)[:6],
    LeadState.INVALID: tuple(CloseReason)[6:],
}


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Prospect(models.Model):
    """Who it is and what is wanted. `phone_value`, `email_value` and `search_keys` are kept by the actions."""

    name = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=6, choices=Sex, blank=True)
    age = models.PositiveSmallIntegerField(null=True, blank=True)
    employer = models.CharField(max_length=160, blank=True)
    occupation = models.CharField(max_length=120, blank=True)
    address = models.CharField(max_length=240, blank=True)
    phone = models.CharField(max_length=120, blank=True)
    phone_value = models.CharField(max_length=120, blank=True)
    email = models.CharField(max_length=120, blank=True)
    email_value = models.CharField(max_length=120, blank=True)
    other_contact = models.CharField(max_length=160, blank=True)
    language = models.CharField(max_length=10, blank=True)
    search_keys = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    wanted = models.TextField(blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    details = models.CharField(max_length=240, blank=True)
    compared = models.CharField(max_length=240, blank=True)
    present_use = models.CharField(max_length=240, blank=True)
    purpose = models.CharField(max_length=160, blank=True)
    payment = models.CharField(max_length=12, choices=Payment, blank=True)
    budget_minor = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, default="CNY")

    class Meta:
        abstract = True


class Lead(Prospect):
    """One prospect. `due_at` is the moment by which the next contact is owed, by the grade's rule unless by hand.

    A change of what was signed takes the signature off. `told_due` is the promise whose breach the owner was told.
    """

    SCOPE: ClassVar[ScopePaths] = {"noun": "lead", "owner": "owner", "team": "owner__teams"}

    number = models.CharField(max_length=30, unique=True)
    state = models.CharField(max_length=10, choices=LeadState, default=LeadState.OPEN)
    origin = models.CharField(max_length=10, choices=LeadOrigin, default=LeadOrigin.TYPED)
    origin_number = models.CharField(max_length=60, blank=True)
    source = models.ForeignKey(
        CodeEntry, on_delete=models.PROTECT, related_name="leads", limit_choices_to={"list": CodeList.SOURCE}
    )
    grade = models.ForeignKey(IntentionGrade, on_delete=models.PROTECT, related_name="leads")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads"
    )
    favourable = models.TextField(blank=True)
    unfavourable = models.TextField(blank=True)
    help_needed = models.TextField(blank=True)
    first_received_at = models.DateTimeField(null=True, blank=True)
    first_summary = models.TextField(blank=True)
    first_contacted_at = models.DateTimeField(null=True, blank=True)
    last_contacted_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField()
    is_due_by_hand = models.BooleanField(default=False)
    next_plan = models.CharField(max_length=240, blank=True)
    told_due = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    signed_at = models.DateTimeField(null=True, blank=True)
    close_reason = models.CharField(max_length=16, choices=CloseReason, blank=True)
    close_note = models.CharField(max_length=240, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    account = models.ForeignKey(Account, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads")
    contact = models.ForeignKey(Contact, on_delete=models.SET_NULL, null=True, blank=True, related_name="leads")
    opportunity = models.OneToOneField(
        Opportunity, on_delete=models.SET_NULL, null=True, blank=True, related_name="lead"
    )
    consent_wording = models.CharField(max_length=240, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    idempotency_key = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()
    is_demo = models.BooleanField(default=False)

    objects: ClassVar[ScopedManager["Lead"]] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at", "id"], condition=models.Q(state="open"), name="lead_due"),
            models.Index(fields=["owner", "due_at", "id"], condition=models.Q(state="open"), name="lead_due_of_owner"),
            models.Index(fields=["-opened_at"], name="lead_by_age"),
            models.Index(fields=["-closed_at"], name="lead_by_end"),
            models.Index(fields=["phone_value"], condition=~models.Q(phone_value=""), name="lead_by_phone"),
            GinIndex(fields=["search_keys"], name="lead_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(budget_minor=None) | models.Q(budget_minor__gte=0), name="lead_budget_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at=None) | ~models.Q(state="open") & ~models.Q(closed_at=None),
                name="lead_closed_has_moment",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["lost", "invalid"]) | ~models.Q(close_reason=""),
                name="lead_ended_has_reason",
            ),
            models.UniqueConstraint(
                fields=["opened_by", "idempotency_key"],
                condition=~models.Q(idempotency_key=""),
                name="lead_once_per_key",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("crm:lead", args=[self.pk])

    @property
    def label(self) -> str:
        """What it is called: the person, else the firm, else the number."""
        return self.name or self.employer or self.phone or self.email or self.number

    @property
    def is_open(self) -> bool:
        return self.state == LeadState.OPEN

    def is_overdue_at(self, moment: datetime) -> bool:
        """Whether the next contact was owed before this aware moment."""
        return self.is_open and self.due_at <= moment
